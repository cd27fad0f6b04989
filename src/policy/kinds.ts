/** Sets of kinds of personal data, a bit each: whether two have one in common is asked for every rule of a policy. */
import { type CustomKind, ENTITY_KINDS, type EntityKind, type KindCounts } from '../personal-kinds.ts';

/** As many words of 32 as it takes. Two sets are comparable if they are of the same table. */
export type KindSet = Uint32Array;

/** The kinds that a policy can tell apart: the built-in ones and its own. */
export class KindTable {
  readonly #places: ReadonlyMap<string, number>;

  constructor(own: Iterable<CustomKind> = []) {
    const kinds = new Set<EntityKind>([...ENTITY_KINDS, ...own]);
    this.#places = new Map([...kinds].map((kind, i) => [kind, i]));
  }

  set(kinds: Iterable<string>): KindSet {
    // A record may speak of a kind that the policy at hand does not know. It is personal data all the same: the last bit.
    const set = new Uint32Array((this.#places.size >> 5) + 1);
    for (const kind of kinds) {
      const place = this.#places.get(kind) ?? this.#places.size;
      set[place >> 5] = (set[place >> 5] ?? 0) | (1 << (place & 31));
    }
    return set;
  }

  /** The kinds that were found at all. */
  found(counts: KindCounts): KindSet {
    return this.set(Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [kind] : [])));
  }
}

export function meets(a: KindSet, b: KindSet): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return true;
  return false;
}

/** The name of a kind of an organisation's own: short, letters only, as it becomes part of placeholders and metrics. */
export function isCustomKind(word: string): word is CustomKind {
  return word.length <= CUSTOM_KIND_CHARS_MAX && CUSTOM_KIND.test(word);
}

const CUSTOM_KIND_CHARS_MAX = 32;
const CUSTOM_KIND = /^CUSTOM_[A-Z](?:_?[A-Z])*$/;
