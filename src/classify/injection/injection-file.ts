/** The injection head as it lies in a model pack: JSON, its weights as base64. */

import { floatsToText, type Learned, readLearned, textToFloats } from '../../engine/pack/learned.ts';
import { ModelPackError } from '../../engine/pack/manifest.ts';
import type { Ideas } from './features.ts';
import type { InjectionHead } from './injection.ts';

/** Raised when features are made in another way: a head learned before does not fit any more. */
const VERSION = 1;
const NAME = 'injection';
const BUCKETS_MAX = 2 ** 20;

export interface PackedInjection {
  readonly head: InjectionHead;
  /** Of the file. */
  readonly sha256: string;
}

/** The injection head of a pack, or null if it has none. @throws ModelPackError */
export async function readInjection(folder: string): Promise<PackedInjection | null> {
  const learned = await readLearned(folder, NAME);
  return learned === null ? null : { head: headOf(folder, learned), sha256: learned.sha256 };
}

/** @param encoder the revision of the encoder that it was learned on */
export function injectionToFile(head: InjectionHead, encoder: string): string {
  const { ideas, letters, scale, lettersBias, vector, vectorBias, mix, scripts } = head;
  const weights = Buffer.from(letters.buffer, letters.byteOffset, letters.byteLength).toString('base64');
  const fields = {
    encoder,
    version: VERSION,
    scripts,
    mix,
    scale,
    lettersBias,
    vectorBias,
    vector: floatsToText(vector),
    letters: weights,
    ideas,
  };
  return `${JSON.stringify(fields)}\n`;
}

function headOf(folder: string, { content, dimensions }: Learned): InjectionHead {
  const problems: string[] = [];
  const check = (holds: boolean, what: string): void => {
    if (!holds) problems.push(what);
  };
  const { version, ideas, scripts, mix, scale, lettersBias, vectorBias } = content;
  check(version === VERSION, `\`version\` must be ${VERSION}`);
  check(isObject(ideas) && Object.values(ideas).every(isTexts), '`ideas` must be lists of texts');
  check(
    isTexts(scripts) && scripts.every((script) => /^[A-Z]\w{1,31}$/.test(script)),
    '`scripts` must be names of scripts',
  );
  check(
    isObject(mix) && [mix.letters, mix.vector, mix.both, mix.bias].every(Number.isFinite),
    '`mix` must be numbers',
  );
  check([scale, lettersBias, vectorBias].every(Number.isFinite), 'scale and biases must be numbers');
  const letters = Buffer.from(String(content.letters), 'base64');
  const vector = textToFloats(content.vector, dimensions);
  check(
    letters.length > 0 && letters.length <= BUCKETS_MAX && Number.isInteger(Math.log2(letters.length)),
    '`letters` must hold a power of two of weights',
  );
  check(vector !== null, `\`vector\` must hold ${dimensions} finite numbers`);
  if (problems.length > 0) throw new ModelPackError(folder, `in the injection head, ${problems.join('; ')}.`);
  return {
    ideas: ideas as Ideas,
    scripts: scripts as readonly string[],
    mix: mix as InjectionHead['mix'],
    scale: Number(scale),
    lettersBias: Number(lettersBias),
    vectorBias: Number(vectorBias),
    letters: new Int8Array(letters),
    vector: vector ?? new Float32Array(),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '')
  );
}
