/** Values that are always hidden: names of projects, of customers, of people that the policy lists. */
import { Literals } from '../../literals.ts';
import type { EntityKind, OwnMatch } from '../../shapes.ts';

export interface DeniedValue {
  readonly value: string;
  readonly kind: EntityKind;
}

/** Finds the listed values as whole words, in capitals or not, whatever spaces stand between their words. */
export class Denied {
  readonly #values: readonly DeniedValue[];
  readonly #literals: Literals;

  constructor(values: readonly DeniedValue[]) {
    // Of two rows for one value the later stands: a tenant's own comes after those of all.
    this.#values = [...new Map(values.map((row) => [sameLength(row.value), row])).values()];
    this.#literals = new Literals(this.#values.map(({ value }) => sameLength(value)));
  }

  find(text: string): OwnMatch[] {
    if (this.#values.length === 0) return [];
    return this.#literals.find(sameLength(text)).flatMap(({ index, start, end }) => {
      const kind = this.#values[index]?.kind;
      return kind !== undefined && standsAlone(text, start, end) ? [{ start, end, kind, score: 1 }] : [];
    });
  }
}

/** In lower case, with every space the same, in as many code units: a place in it is a place in the text. */
function sameLength(text: string): string {
  const lower = text.toLowerCase();
  const same =
    lower.length === text.length
      ? lower
      : text.replace(/\p{Lu}/gu, (char) => {
          const small = char.toLowerCase();
          return small.length === char.length ? small : char;
        });
  return same.replace(/\s/g, ' ');
}

const WORD = /[\p{L}\p{N}]/u;
/** Scripts that write no spaces between words, or put endings right behind a name. */
const UNPARTED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

function standsAlone(text: string, start: number, end: number): boolean {
  return !continues(text[start], text[start - 1]) && !continues(text[end - 1], text[end]);
}

/** Whether a word goes on over the edge between two characters. */
const continues = (inside = '', outside = ''): boolean =>
  WORD.test(inside) && WORD.test(outside) && !UNPARTED.test(inside);
