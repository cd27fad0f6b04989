/** Values that are left alone: an organisation's own name, telephone number, domain. */
import type { EntityKind } from '../../shapes.ts';
import type { Pattern } from './patterns.ts';

/** One row of an allow list. */
export interface AllowedRow {
  readonly values: readonly string[];
  readonly pattern: Pattern | null;
  /** The kinds that it speaks of; null: all. */
  readonly kinds: ReadonlySet<EntityKind> | null;
}

export class Allowed {
  /** By value: the kinds for which it is allowed; null: all. */
  readonly #values = new Map<string, Set<EntityKind> | null>();
  readonly #patterns: readonly AllowedRow[];

  constructor(rows: readonly AllowedRow[]) {
    for (const { values, kinds } of rows) for (const value of values) this.#add(plain(value), kinds);
    this.#patterns = rows.filter(({ pattern }) => pattern !== null);
  }

  #add(value: string, kinds: ReadonlySet<EntityKind> | null): void {
    const known = this.#values.get(value);
    if (known === null) return;
    this.#values.set(value, kinds === null ? null : new Set([...(known ?? []), ...kinds]));
  }

  has(kind: EntityKind, value: string): boolean {
    if (this.#values.size > 0) {
      const kinds = this.#values.get(plain(value));
      if (kinds === null || kinds?.has(kind) === true) return true;
    }
    return this.#patterns.some(
      ({ pattern, kinds }) => (kinds === null || kinds.has(kind)) && pattern?.matches(value) === true,
    );
  }
}

/** Compared without what is spelling only. Dots and slashes stay: they part the numbers of addresses and dates. */
function plain(value: string): string {
  const lower = value.normalize('NFKC').toLowerCase();
  const isNumber = /\d/.test(lower) && !lower.includes('@');
  return isNumber ? lower.replace(/[\s()\u2010-\u2015-]/g, '') : lower.replace(/\s+/g, ' ').trim();
}
