/** What the patterns of an organisation's own find. */
import type { CustomKind } from '../../personal-kinds.ts';
import type { OwnMatch, SearchedText } from '../../shapes.ts';
import { type Pattern, Patterns } from './patterns.ts';

/** A pattern of the organisation's own. */
export interface CustomPattern {
  readonly kind: CustomKind;
  readonly pattern: Pattern;
  /** Words of which one must stand near; null: none need. */
  readonly context: RegExp | null;
}

/** Digits put together from a list are no value. With a letter among them they hardly come about by chance. */
const LETTER = /\p{L}/u;

export class Custom {
  readonly rows: readonly CustomPattern[];
  readonly #patterns: Patterns;

  constructor(rows: readonly CustomPattern[]) {
    this.rows = rows;
    this.#patterns = new Patterns(rows.map(({ pattern }) => pattern));
  }

  /** The patterns with more of them; itself, if there are none. */
  with(rows: readonly CustomPattern[]): Custom {
    return rows.length === 0 ? this : new Custom([...this.rows, ...rows]);
  }

  find(searched: SearchedText): OwnMatch[] {
    const { text } = searched;
    return this.#patterns.find(text).flatMap(({ index, start, end }) => {
      const row = this.rows[index];
      if (row === undefined) return [];
      if (row.context !== null && !searched.says(row.context, start, end, true)) return [];
      if (searched.needsProof === true && row.context === null && !LETTER.test(text.slice(start, end)))
        return [];
      return [{ start, end, kind: row.kind, score: 1 }];
    });
  }
}
