/** The urgency head as it lies in a model pack: JSON, its weights as base64. Learned by `models/recipes/heads.ts`. */
import { readLearned } from '../../engine/pack/learned.ts';
import { ModelPackError } from '../../engine/pack/manifest.ts';
import { URGENCIES } from '../../shapes.ts';
import type { UrgencyHead } from './urgency.ts';

/** Raised when a head is read in another way. */
const VERSION = 1;
const NAME = 'urgency';
const DIMENSIONS_MAX = 8_192;

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
  const own = Buffer.from(String(learned.content.weight), 'base64');
  const weight = Float32Array.from({ length: Math.floor(own.length / 4) }, (_, at) =>
    own.readFloatLE(4 * at),
  );
  const levels = URGENCIES.length;
  const isUsable =
    version === VERSION &&
    typeof labels === 'string' &&
    own.length > 0 &&
    own.length % (4 * levels) === 0 &&
    own.length <= 4 * levels * DIMENSIONS_MAX &&
    weight.every(Number.isFinite) &&
    isBias(bias);
  if (!isUsable)
    throw new ModelPackError(folder, 'in the urgency head, a field is missing or of another version.');
  return { head: { weight, bias: Float32Array.from(bias), labels }, sha256: learned.sha256 };
}

function isBias(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length === URGENCIES.length && value.every(Number.isFinite);
}

/** @param encoder the revision of the encoder that it was learned on */
export function urgencyToFile({ weight, bias, labels }: UrgencyHead, encoder: string): string {
  const own = Buffer.from(weight.buffer, weight.byteOffset, weight.byteLength).toString('base64');
  return `${JSON.stringify({ encoder, version: VERSION, labels, bias: [...bias], weight: own })}\n`;
}
