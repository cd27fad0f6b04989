/** The heads that ship inside a model pack, learned on its encoder's vectors by `models/recipes/heads.ts`. */
import { type PackedDifficulty, readDifficulty } from './difficulty/difficulty-head.ts';
import { type PackedInjection, readInjection } from './injection/injection-file.ts';
import { type PackedUrgency, readUrgency } from './urgency/urgency-file.ts';

export interface PackedHeads {
  /** Null: the pack has none, and injection cannot be told. */
  readonly injection: PackedInjection | null;
  /** Null: the pack has none, and difficulty is learned from the labels alone. */
  readonly difficulty: PackedDifficulty | null;
  /** Null: the pack has none, and urgency is learned from the labels alone. */
  readonly urgency: PackedUrgency | null;
}

/** @throws ModelPackError when a head is not what the manifest says, or was learned on another encoder */
export async function readPackedHeads(packFolder: string): Promise<PackedHeads> {
  return {
    injection: await readInjection(packFolder),
    difficulty: await readDifficulty(packFolder),
    urgency: await readUrgency(packFolder),
  };
}
