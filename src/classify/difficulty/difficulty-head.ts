/**
 * The difficulty head of a model pack: the chance that a small model's answer is wrong, from the encoder's vector, from
 * what can be seen of the text, and from its length. Learned by `models/recipes/heads.ts` on questions of which it is known
 * who answered them right (the task: RouteLLM, arXiv:2406.18665).
 */
import { readLearned } from '../../engine/pack/learned.ts';
import { ModelPackError } from '../../engine/pack/manifest.ts';
import { sigmoid } from '../../statistics/vectors.ts';
import type { JudgeDifficulty } from './difficulty.ts';
import { SURFACE_WIDTH } from './surface.ts';
import { createWaves, type WaveSettings } from './waves.ts';

/** Raised when the surface is measured in another way: a head learned before does not fit any more. */
const VERSION = 1;
const NAME = 'difficulty';
const DIMENSIONS_MAX = 8_192;
const WAVES_MAX = 8_192;

/** What is learned: plain data. */
export interface DifficultyHead extends WaveSettings {
  /** A weight for each wave. */
  readonly weights: Float32Array;
  /** Of the logarithm of the text's length in UTF-16 code units, plus one. */
  readonly length: number;
  readonly bias: number;
  /** Digest of the labels that were learned from as well: with others, those count and not this head. */
  readonly labels: string;
}

export interface PackedDifficulty {
  readonly head: DifficultyHead;
  /** Of the file. */
  readonly sha256: string;
}

export function createJudgeDifficulty(head: DifficultyHead): JudgeDifficulty {
  const wavesOf = createWaves(head);
  return (vector, text) => {
    let score = head.bias + head.length * Math.log1p(text.length);
    const waves = wavesOf(vector, text);
    for (let i = 0; i < waves.length; i += 1) score += (head.weights[i] as number) * (waves[i] as number);
    return sigmoid(score);
  };
}

/** The difficulty head of a pack, or null if it has none. @throws ModelPackError */
export async function readDifficulty(folder: string): Promise<PackedDifficulty | null> {
  const learned = await readLearned(folder, NAME);
  if (learned === null) return null;
  const { version, seed, dimensions, centre, spread, length, bias, labels } = learned.content;
  const own = Buffer.from(String(learned.content.weights), 'base64');
  const isUsable =
    version === VERSION &&
    own.length > 0 &&
    own.length % 4 === 0 &&
    own.length <= 4 * WAVES_MAX &&
    Number.isInteger(dimensions) &&
    Number(dimensions) > 0 &&
    Number(dimensions) <= DIMENSIONS_MAX &&
    [seed, length, bias].every(Number.isFinite) &&
    isSurface(centre) &&
    isSurface(spread) &&
    spread.every((value) => value > 0) &&
    typeof labels === 'string';
  if (!isUsable)
    throw new ModelPackError(folder, 'in the difficulty head, a field is missing or of another version.');
  const waves = own.length / 4;
  const head: DifficultyHead = {
    seed: Number(seed),
    waves,
    dimensions: Number(dimensions),
    centre,
    spread,
    weights: Float32Array.from({ length: waves }, (_, at) => own.readFloatLE(4 * at)),
    length: Number(length),
    bias: Number(bias),
    labels,
  };
  return { head, sha256: learned.sha256 };
}

function isSurface(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === SURFACE_WIDTH && value.every(Number.isFinite);
}

/** @param encoder the revision of the encoder that it was learned on */
export function difficultyToFile(head: DifficultyHead, encoder: string): string {
  const { seed, dimensions, centre, spread, weights, length, bias, labels } = head;
  const own = Buffer.from(weights.buffer, weights.byteOffset, weights.byteLength).toString('base64');
  const fields = {
    encoder,
    version: VERSION,
    labels,
    seed,
    dimensions,
    centre,
    spread,
    length,
    bias,
    weights: own,
  };
  return `${JSON.stringify(fields)}\n`;
}
