/** The urgency head as it lies in a model pack: JSON, its weights as base64. Learned by `models/recipes/heads.ts`. */
import { floatsToText, readLearned, textToFloats } from '../../engine/pack/learned.ts';
import { ModelPackError } from '../../engine/pack/manifest.ts';
import { URGENCIES } from '../../shapes.ts';
import type { UrgencyHead } from './urgency.ts';

/** Raised when a head is read in another way. */
const VERSION = 1;
const NAME = 'urgency';

export interface PackedUrgency {
  readonly head: UrgencyHead;
  /** Of the file. */
  readonly sha256: string;
}

/** The urgency head of a pack, or null if it has none. @throws ModelPackError */
export async function readUrgency(folder: string): Promise<PackedUrgency | null> {
  const learned = await readLearned(folder, NAME);
  if (learned === null) return null;
  const { version, labels, bias } = learned.content;
  const weight = textToFloats(learned.content.weight, URGENCIES.length * learned.dimensions);
  if (version !== VERSION || typeof labels !== 'string' || weight === null || !isBias(bias))
    throw new ModelPackError(folder, 'in the urgency head, a field is missing or of another version.');
  return { head: { weight, bias: Float32Array.from(bias), labels }, sha256: learned.sha256 };
}

function isBias(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === URGENCIES.length && value.every(Number.isFinite);
}

/** @param encoder the revision of the encoder that it was learned on */
export function urgencyToFile({ weight, bias, labels }: UrgencyHead, encoder: string): string {
  const own = floatsToText(weight);
  return `${JSON.stringify({ encoder, version: VERSION, labels, bias: [...bias], weight: own })}\n`;
}
