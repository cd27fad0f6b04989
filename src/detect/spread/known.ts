/** Values that were found somewhere, and places where they are. */
import type { EntityKind } from '../../personal-kinds.ts';
import type { View } from '../views/view.ts';

/** A value, and what it was found as. */
export interface Known {
  readonly value: string;
  readonly kind: EntityKind;
  readonly score: number;
}

/** A place in a leaf where a known value stands. */
export interface Place {
  readonly start: number;
  readonly end: number;
  readonly known: Known;
}

/** Where known values stand in a text. */
export type Search = (text: string, view: View) => readonly Place[];
