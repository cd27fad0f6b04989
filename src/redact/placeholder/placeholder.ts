/**
 * Gives the placeholder of each value of one request: the kind lets a model reason, and a keyed hash makes the same
 * value the same placeholder in every request of a conversation, without a memory, and a different one in any other
 * conversation or tenant, so that they cannot be linked.
 */
import { createHmac } from 'node:crypto';
import type { EntityKind } from '../../personal-kinds.ts';
import { ID_LETTERS, placeholderOf } from '../../placeholder-form.ts';
import { namePartsOf, nameWords } from './name-parts.ts';
import { writtenIds } from './reading.ts';
import { type Entry, stemOf, type Vault } from './vault.ts';

/** Attempts at an identity that nothing else has. There are 6.9 thousand million: the second is rare. */
const ATTEMPTS_MAX = 64;

export interface PlaceholderKey {
  readonly secret: string;
  readonly tenant: string;
  readonly conversation: string;
}

/** What one identity stands for: a value however it is spelled, or a person. */
interface Group {
  readonly id: string;
  /** How many spellings there are of each part. */
  readonly spellings: Map<string, number>;
}

/** What a request says of itself before its first placeholder is given. */
export interface Beforehand {
  /** All texts of the request: an identity that one of them holds already is nobody's. */
  readonly texts: Iterable<string>;
  /** All values that are to be replaced. */
  readonly values: Iterable<readonly [EntityKind, string]>;
  /** What was given in earlier requests of the conversation. */
  readonly earlier: readonly Entry[];
}

export class Placeholders {
  readonly #key: PlaceholderKey;
  readonly #vault: Vault;
  /** Identities that the request's own text holds, and those given in earlier requests. */
  readonly #typed = new Set<string>();
  readonly #given = new Set<string>();
  readonly #byValue = new Map<string, Entry>();
  readonly #groups = new Map<string, Group>();
  /** The one full name that a first or last name alone is part of; null: several. */
  readonly #wholeOf = new Map<string, { readonly name: string; readonly part: string } | null>();
  readonly #fresh: Entry[] = [];

  constructor(key: PlaceholderKey, vault: Vault, { texts, values, earlier }: Beforehand) {
    this.#key = key;
    this.#vault = vault;
    for (const text of texts) for (const { id } of writtenIds(text)) this.#typed.add(id);
    for (const entry of earlier) this.#remember(entry);
    const names = new Set(earlier.flatMap(({ kind, value }) => (kind === 'PERSON' ? value : [])));
    for (const [kind, value] of values) if (kind === 'PERSON') names.add(value);
    for (const name of names) this.#noteParts(name);
  }

  /** The placeholder of a value, which the vault then knows. */
  of(kind: EntityKind, value: string): string {
    const key = keyOf(kind, value);
    let entry = this.#byValue.get(key);
    if (entry === undefined) {
      entry = this.#made(kind, value);
      this.#byValue.set(key, entry);
      this.#fresh.push(entry);
    }
    this.#vault.keep(entry);
    return placeholderOf(entry.kind, entry.part, entry.id);
  }

  /** What was given for the first time in this conversation. */
  get fresh(): readonly Entry[] {
    return this.#fresh;
  }

  /** Unless somebody has typed its placeholder since: that then means what was typed. */
  #remember(entry: Entry): void {
    if (entry.id === '') return;
    this.#given.add(entry.id);
    if (this.#typed.has(entry.id)) return;
    this.#byValue.set(keyOf(entry.kind, entry.value), entry);
    const [stem, spelling] = stemOf(entry.part);
    const group = this.#groups.get(entry.id) ?? { id: entry.id, spellings: new Map<string, number>() };
    group.spellings.set(stem, Math.max(group.spellings.get(stem) ?? 0, spelling));
    this.#groups.set(entry.id, group);
    if (stem === '') this.#groups.set(keyOf(entry.kind, normalised(entry.kind, entry.value)), group);
  }

  #noteParts(name: string): void {
    const parts = namePartsOf(name);
    if (parts === undefined) return;
    const whole = normalised('PERSON', name);
    for (const [part, written] of [
      ['FIRST', parts.first],
      ['LAST', parts.last],
      ['LAST', parts.last.split(' ').at(-1) ?? ''],
    ] as const) {
      if (written === undefined) continue;
      const known = this.#wholeOf.get(normalised('PERSON', written));
      const isOther = known === null || (known !== undefined && normalised('PERSON', known.name) !== whole);
      this.#wholeOf.set(normalised('PERSON', written), isOther ? null : { name, part });
    }
  }

  #made(kind: EntityKind, value: string): Entry {
    const whole = kind === 'PERSON' ? this.#wholeOf.get(normalised(kind, value)) : undefined;
    const stem = whole?.part ?? '';
    const group = this.#groupOf(kind, normalised(kind, whole?.name ?? value));
    const spelling = (group.spellings.get(stem) ?? 0) + 1;
    group.spellings.set(stem, spelling);
    const part = spelling === 1 ? stem : [stem, spelling].filter((word) => word !== '').join('_');
    return { kind, part, id: group.id, value };
  }

  #groupOf(kind: EntityKind, base: string): Group {
    const key = keyOf(kind, base);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const id = identity(this.#key, kind, base, attempt);
      if (this.#typed.has(id) || this.#given.has(id)) continue;
      this.#given.add(id);
      const group = { id, spellings: new Map<string, number>() };
      this.#groups.set(key, group);
      return group;
    }
    throw new Error('no free placeholder');
  }
}

const keyOf = (kind: EntityKind, value: string): string => `${kind} ${value}`;

/** Kinds whose every character counts: a space or a capital makes another value. */
const EXACT: ReadonlySet<EntityKind> = new Set(['SECRET', 'URL', 'DATE_OF_BIRTH']);
/** Kinds whose separators part something, but whose capitals do not matter. */
const PARTED: ReadonlySet<EntityKind> = new Set(['EMAIL_ADDRESS', 'IP_ADDRESS', 'LOCATION']);

/** What stays of a value when only its spelling is taken away; of a name, the words that tell one person from another. */
export function normalised(kind: EntityKind, value: string): string {
  if (EXACT.has(kind)) return value;
  const plain = value
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
  if (kind === 'PERSON') return nameWords(plain).join(' ');
  return PARTED.has(kind) ? plain : plain.replace(/[^\p{L}\p{N}]/gu, '');
}

function identity(
  { secret, tenant, conversation }: PlaceholderKey,
  kind: EntityKind,
  value: string,
  attempt: number,
): string {
  // JSON keeps the parts apart: no two different lists are written the same.
  const hash = createHmac('sha256', secret)
    .update(JSON.stringify([tenant, conversation, kind, value, attempt]))
    .digest();
  const digits = (at: number): string => String(hash.readUInt32BE(at) % 1000).padStart(3, '0');
  const letter = (at: number): string => ID_LETTERS[hash.readUInt32BE(at) % ID_LETTERS.length] ?? '';
  return digits(0) + letter(4) + letter(8) + letter(12) + digits(16);
}
