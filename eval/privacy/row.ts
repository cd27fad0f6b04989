/** One text of a set, and what of it is personal. */
import type { EntityKind } from '../../src/personal-kinds.ts';

/** Where a personal value stands. Offsets are UTF-16 code units of the text, end exclusive. */
export interface Planted {
  readonly start: number;
  readonly end: number;
  readonly kind: EntityKind;
  /** Where a name is from, if it is one. */
  readonly origin?: string | undefined;
}

export interface Row {
  /** What misses are counted by: the kind, the obfuscation, the kind of look-alike. */
  readonly class: string;
  /** How it stands in its text. */
  readonly frame: string;
  readonly text: string;
  /** Empty: nothing here is personal, and nothing may be touched. */
  readonly planted: readonly Planted[];
  /** What may be hidden or not: it counts neither way. */
  readonly neutral?: readonly { readonly start: number; readonly end: number }[];
}

/** A sentence of a row: the words that fill its slots, and of what kind those are that are personal. */
export type Fill =
  | string
  | { readonly text: string; readonly kind: EntityKind; readonly origin?: string | undefined };

/** Fills `{slots}`. @throws Error for a slot that nothing fills */
export function filled(
  template: string,
  fills: Readonly<Record<string, Fill>>,
): Pick<Row, 'text' | 'planted'> {
  const planted: Planted[] = [];
  let text = '';
  for (const piece of template.split(/(\{\w+\})/)) {
    const slot = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (slot === undefined) {
      text += piece;
      continue;
    }
    const fill = fills[slot];
    if (fill === undefined) throw new Error(`Nothing fills {${slot}} in “${template}”.`);
    const start = text.length;
    text += typeof fill === 'string' ? fill : fill.text;
    if (typeof fill !== 'string')
      planted.push({ start, end: text.length, kind: fill.kind, origin: fill.origin });
  }
  return { text, planted };
}

export interface SetOfRows {
  readonly name: string;
  /** What a reader must know of it. */
  readonly about: string;
  /** `hide`: what is planted must be hidden. `leave`: nothing may be touched. */
  readonly aim: 'hide' | 'leave';
  readonly rows: readonly Row[];
}
