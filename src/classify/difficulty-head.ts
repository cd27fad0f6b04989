/**
 * The difficulty head of a model pack: the chance that a small model's answer is wrong, from the encoder's vector and from
 * what can be seen of the text (`difficulty-surface.ts`), by logistic regression. Learned by `models/recipes/heads.ts` on
 * questions of which it is known who answered them right (the task: RouteLLM, arXiv:2406.18665).
 */
import { createHash } from 'node:crypto';
import { readLearned } from '../engine/pack/learned.ts';
import { ModelPackError } from '../engine/pack/manifest.ts';
import { sigmoid } from '../statistics/vectors.ts';
import type { JudgeDifficulty } from './difficulty.ts';
import { SURFACE_WIDTH, surfaceOf } from './difficulty-surface.ts';
import type { LabelSet } from './label-set.ts';

/** Raised when the surface is measured in another way: a head learned before does not fit any more. */
const VERSION = 1;
const NAME = 'difficulty';
const DIMENSIONS_MAX = 65_536;

/** What is learned: plain data. */
export interface DifficultyHead {
  readonly vector: Float32Array;
  readonly surface: readonly number[];
  readonly bias: number;
  /** Digest of the labels that were learned from as well: with others, those count and not this head. */
  readonly labels: string;
}

export interface PackedDifficulty {
  readonly head: DifficultyHead;
  /** Of the file. */
  readonly sha256: string;
}

export function createJudgeDifficulty({ vector: weights, surface, bias }: DifficultyHead): JudgeDifficulty {
  return (vector, text) => {
    let score = bias;
    for (let i = 0; i < weights.length; i += 1) score += (weights[i] as number) * (vector[i] as number);
    for (const [at, value] of surfaceOf(text).entries()) score += (surface[at] as number) * value;
    return sigmoid(score);
  };
}

/** Names a set of difficulty examples. */
export function digestOfLabels({ names, examples }: LabelSet): string {
  const told = examples.map(({ text, label }) => [text, names[label]]);
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

/** The difficulty head of a pack, or null if it has none. @throws ModelPackError */
export async function readDifficulty(folder: string): Promise<PackedDifficulty | null> {
  const learned = await readLearned(folder, NAME);
  if (learned === null) return null;
  const { version, vector, surface, bias, labels } = learned.content;
  const own = Buffer.from(String(vector), 'base64');
  const isUsable =
    version === VERSION &&
    own.length > 0 &&
    own.length % 4 === 0 &&
    own.length <= 4 * DIMENSIONS_MAX &&
    Array.isArray(surface) &&
    surface.length === SURFACE_WIDTH &&
    surface.every(Number.isFinite) &&
    Number.isFinite(bias) &&
    typeof labels === 'string';
  if (!isUsable)
    throw new ModelPackError(folder, 'in the difficulty head, a field is missing or of another version.');
  const weights = Float32Array.from({ length: own.length / 4 }, (_, at) => own.readFloatLE(4 * at));
  return { head: { vector: weights, surface, bias: Number(bias), labels }, sha256: learned.sha256 };
}

/** @param encoder the revision of the encoder that it was learned on */
export function difficultyToFile({ vector, surface, bias, labels }: DifficultyHead, encoder: string): string {
  const own = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64');
  return `${JSON.stringify({ encoder, version: VERSION, labels, bias, surface, vector: own })}\n`;
}
