/** Values that are left alone: an organisation's own name, telephone number, domain. */
import type { EntityKind } from '../../personal-kinds.ts';
import { Listed } from './listed.ts';
import { type Pattern, VALUE_CHARS_MAX } from './patterns.ts';

/** One row of an allow list. */
export interface AllowedRow {
  readonly values: readonly string[];
  readonly pattern: Pattern | null;
  /** The kinds that it speaks of; null: all. */
  readonly kinds: ReadonlySet<EntityKind> | null;
}

export class Allowed {
  readonly rows: readonly AllowedRow[];
  /** By value: the kinds for which it is allowed; null: all. */
  readonly #values = new Map<string, Set<EntityKind> | null>();
  readonly #patterns: readonly AllowedRow[];
  /** The values as a text would hold them, with their rows. */
  readonly #listed: Listed;
  readonly #listedRows: readonly AllowedRow[];

  constructor(rows: readonly AllowedRow[]) {
    this.rows = rows;
    for (const { values, kinds } of rows) for (const value of values) this.#add(plain(value), kinds);
    this.#patterns = rows.filter(({ pattern }) => pattern !== null);
    const listed = rows.flatMap((row) => row.values.map((value) => ({ row, value })));
    this.#listedRows = listed.map(({ row }) => row);
    this.#listed = new Listed(
      listed.map(({ value }) => value),
      'by a space',
    );
  }

  /** The list with more rows; itself, if there are none: a list can be large, and tenants many. */
  with(rows: readonly AllowedRow[]): Allowed {
    return rows.length === 0 ? this : new Allowed([...this.rows, ...rows]);
  }

  #add(value: string, kinds: ReadonlySet<EntityKind> | null): void {
    const known = this.#values.get(value);
    if (known === null) return;
    this.#values.set(value, kinds === null ? null : new Set([...(known ?? []), ...kinds]));
  }

  /** Whether what stands at a place is allowed, by itself or as a part of a longer value that is. */
  has(kind: EntityKind, text: string, start: number, end: number): boolean {
    if (this.#values.size > 0) {
      const kinds = this.#values.get(plain(text.slice(start, end)));
      if (kinds === null || kinds?.has(kind) === true) return true;
      if (this.#isPart(kind, text, start, end)) return true;
    }
    return this.#patterns.some(
      ({ pattern, kinds }) =>
        (kinds === null || kinds.has(kind)) && pattern?.matches(text.slice(start, end)) === true,
    );
  }

  #isPart(kind: EntityKind, text: string, start: number, end: number): boolean {
    const from = Math.max(0, start - VALUE_CHARS_MAX);
    const near = text.slice(from, end + VALUE_CHARS_MAX);
    return this.#listed.find(near).some(({ index, ...place }) => {
      const kinds = this.#listedRows[index]?.kinds;
      return (
        from + place.start <= start &&
        end <= from + place.end &&
        (kinds === null || kinds?.has(kind) === true)
      );
    });
  }
}

/** Compared without what is spelling only. Dots and slashes stay: they part the numbers of addresses and dates. */
function plain(value: string): string {
  const lower = value.normalize('NFKC').toLowerCase();
  const isNumber = /\d/.test(lower) && !lower.includes('@');
  return isNumber ? lower.replace(/[\s()\u2010-\u2015-]/g, '') : lower.replace(/\s+/g, ' ').trim();
}
