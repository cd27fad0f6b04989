/**
 * The difficulty head of a model pack: the chance that a small model's answer is wrong, a logistic regression on the
 * encoder's vector and on what can be seen of the text. Learned by `models/recipes/heads.ts` on questions of which it is
 * known who answered them right (the task: RouteLLM, arXiv:2406.18665).
 */
import { floatsToText, readLearned, textToFloats } from '../../engine/pack/learned.ts';
import { ModelPackError } from '../../engine/pack/manifest.ts';
import { dot, sigmoid } from '../../statistics/vectors.ts';
import type { JudgeDifficulty } from './difficulty.ts';
import { SURFACE_WIDTH, surfaceOf } from './surface.ts';

/** Raised when the surface is measured in another way: a head learned before does not fit any more. */
const VERSION = 2;
const NAME = 'difficulty';

/** What is learned: plain data. */
export interface DifficultyHead {
  /** A weight for each of the vector's numbers, then for each of the surface's. */
  readonly weights: Float32Array;
  readonly bias: number;
  /** Digest of the labels that were learned from as well: with others, those count and not this head. */
  readonly labels: string;
}

export interface PackedDifficulty {
  readonly head: DifficultyHead;
  /** Of the file. */
  readonly sha256: string;
}

export function createJudgeDifficulty({ weights, bias }: DifficultyHead): JudgeDifficulty {
  const [ofVector, ofSurface] = [weights.subarray(0, -SURFACE_WIDTH), weights.subarray(-SURFACE_WIDTH)];
  return (vector, text) => sigmoid(dot(ofVector, vector) + dot(ofSurface, surfaceOf(text)) + bias);
}

/** The difficulty head of a pack, or null if it has none. @throws ModelPackError */
export async function readDifficulty(folder: string): Promise<PackedDifficulty | null> {
  const learned = await readLearned(folder, NAME);
  if (learned === null) return null;
  const { version, bias, labels } = learned.content;
  const weights = textToFloats(learned.content.weights, learned.dimensions + SURFACE_WIDTH);
  if (version !== VERSION || weights === null || !Number.isFinite(bias) || typeof labels !== 'string')
    throw new ModelPackError(folder, 'in the difficulty head, a field is missing or of another version.');
  return { head: { weights, bias: Number(bias), labels }, sha256: learned.sha256 };
}

/** @param encoder the revision of the encoder that it was learned on */
export function difficultyToFile({ weights, bias, labels }: DifficultyHead, encoder: string): string {
  const own = floatsToText(weights);
  return `${JSON.stringify({ encoder, version: VERSION, labels, bias, weights: own })}\n`;
}
