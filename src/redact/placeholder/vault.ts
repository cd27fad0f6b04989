/**
 * What a request's placeholders stand for. Lives as long as the request, in memory only; shows nothing of itself to
 * whoever prints or serializes it.
 */
import { inspect } from 'node:util';
import type { EntityKind } from '../../personal-kinds.ts';
import { ID_CHARS } from '../../placeholder-form.ts';
import { initialsOf, namePartsOf } from './name-parts.ts';

/** One value and its placeholder. */
export interface Entry {
  readonly kind: EntityKind;
  /** Which part or spelling of what the identity stands for: empty, `2`, `FIRST`, `LAST_2`. */
  readonly part: string;
  /** Empty where it has been found, but no placeholder has been given. */
  readonly id: string;
  readonly value: string;
}

/** How a placeholder begins: the letters of its kind and of a part of a name, without what stands between them. */
export interface Head {
  readonly letters: string;
  /** The part: `FIRST`; empty for the whole. A number of its spelling may follow. */
  readonly stem: string;
}

/** `LAST_2` is the second spelling of `LAST`. */
export function stemOf(part: string): readonly [stem: string, spelling: number] {
  const spelling = /(?:^|_)(\d+)$/.exec(part);
  return spelling === null ? [part, 1] : [part.slice(0, spelling.index), Number(spelling[1])];
}

interface Known {
  readonly kind: EntityKind;
  readonly values: Map<string, string>;
}

/** What a model may ask of a person, whether or not the request did, and the part that it is. */
const PERSON_PARTS = {
  FIRST: 'FIRST',
  FIRST_NAME: 'FIRST',
  LAST: 'LAST',
  LAST_NAME: 'LAST',
  INITIALS: 'INITIALS',
} as const;

const lettersOf = (text: string): string => text.replaceAll('_', '');

export class Vault {
  readonly #byId = new Map<string, Known>();
  readonly #stems = new Map<EntityKind, Set<string>>();
  #spellingsMax = 1;
  #size = 0;
  #heads: ReadonlyMap<EntityKind, readonly Head[]> | undefined;
  #sortedIds: readonly string[] = [];
  #lettersMax = 0;

  /** Keeps a value under its placeholder. */
  keep({ kind, part, id, value }: Entry): void {
    const known = this.#byId.get(id) ?? { kind, values: new Map<string, string>() };
    if (known.kind !== kind) throw new Error('one identity of two kinds');
    if (!known.values.has(part)) this.#size++;
    known.values.set(part, value);
    this.#byId.set(id, known);
    const [stem, spelling] = stemOf(part);
    this.#spellingsMax = Math.max(this.#spellingsMax, spelling);
    const stems = this.#stems.get(kind) ?? new Set(['']);
    this.#stems.set(kind, stems.add(stem));
    this.#heads = undefined;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /**
   * The value of an identity, in the part that is asked for; where that part was never given, it is taken from the
   * whole, or the whole stands for it. Never another identity's.
   */
  value(id: string, part: string): string | undefined {
    const known = this.#byId.get(id);
    if (known === undefined) return undefined;
    const [stem] = stemOf(part);
    const given = known.values.get(part) ?? known.values.get(stem);
    if (given !== undefined) return given;
    const whole = known.values.get('') ?? [...known.values.values()][0];
    if (whole === undefined || known.kind !== 'PERSON') return whole;
    if (stem === 'INITIALS') return initialsOf(whole);
    const parts = namePartsOf(whole);
    return { FIRST: parts?.first, LAST: parts?.last }[stem] ?? whole;
  }

  /** How placeholders of this identity may begin, the longest first. */
  headsOf(id: string): readonly Head[] {
    const known = this.#byId.get(id);
    return known === undefined ? [] : (this.#prepared().get(known.kind) ?? []);
  }

  /** Whether `letters` is how some placeholder of this vault begins: more of it may come. */
  begins(letters: string): boolean {
    const heads = this.#prepared();
    if (this.#beginsId(letters)) return true;
    for (const ofKind of heads.values()) {
      for (const head of ofKind) {
        if (head.letters.startsWith(letters)) return true;
        if (!letters.startsWith(head.letters)) continue;
        for (let at = head.letters.length, digits = 0; digits <= this.spellingDigitsMax; at++, digits++) {
          if (this.#beginsId(letters.slice(at))) return true;
          if (!/\d/.test(letters[at] ?? '')) break;
        }
      }
    }
    return false;
  }

  /** Letters and digits of the longest placeholder. */
  get lettersMax(): number {
    this.#prepared();
    return this.#lettersMax + this.spellingDigitsMax;
  }

  /** Digits of the number of a spelling. */
  get spellingDigitsMax(): number {
    return String(this.#spellingsMax).length;
  }

  #beginsId(letters: string): boolean {
    if (letters.length >= ID_CHARS) return false;
    let low = 0;
    let high = this.#sortedIds.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sortedIds[middle] ?? '') < letters) low = middle + 1;
      else high = middle;
    }
    return this.#sortedIds[low]?.startsWith(letters) === true;
  }

  #prepared(): ReadonlyMap<EntityKind, readonly Head[]> {
    if (this.#heads !== undefined) return this.#heads;
    this.#sortedIds = [...this.#byId.keys()].sort();
    const heads = new Map<EntityKind, readonly Head[]>();
    for (const [kind, stems] of this.#stems) {
      const names = new Map([...stems].map((stem) => [stem, stem]));
      if (kind === 'PERSON') for (const [name, stem] of Object.entries(PERSON_PARTS)) names.set(name, stem);
      const ofKind = [...names].map(([name, stem]) => ({ letters: lettersOf(`${kind}${name}`), stem }));
      heads.set(
        kind,
        ofKind.sort((a, b) => b.letters.length - a.letters.length),
      );
    }
    this.#lettersMax =
      ID_CHARS + Math.max(0, ...[...heads.values()].flat().map(({ letters }) => letters.length));
    this.#heads = heads;
    return heads;
  }

  get size(): number {
    return this.#size;
  }

  toJSON(): string {
    return `Vault(${this.size})`;
  }

  toString(): string {
    return this.toJSON();
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}
