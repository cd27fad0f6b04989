/** The heads that ship inside a model pack, learned on its encoder's vectors by `models/recipes/heads.ts`. */
import { type PackedInjection, readInjection } from './injection-file.ts';

/** Null: the pack has no such head, and its label cannot be told. */
export interface PackedHeads {
  readonly injection: PackedInjection | null;
}

/** @throws ModelPackError when a head is not what the manifest says, or was learned on another encoder */
export async function readPackedHeads(packFolder: string): Promise<PackedHeads> {
  return { injection: await readInjection(packFolder) };
}
