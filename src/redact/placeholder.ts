/**
 * Placeholders: `[EMAIL_ADDRESS_7Q2M9XBK]`. The kind lets a model reason; eight characters of a keyed hash make the
 * same value the same placeholder in every request of a conversation, without a memory, and a different one in any
 * other conversation or tenant, so that they cannot be linked.
 */
import { createHmac } from 'node:crypto';
import type { EntityKind, Leaf } from '../shapes.ts';
import type { Vault } from './vault.ts';

/** Crockford's base 32: no I, L, O or U, so that a model or a person copies it right. Forty bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ID_CHARS = 8;
/** Attempts at a placeholder that nothing else uses: with forty bits the second is rare. */
const ATTEMPTS_MAX = 64;
/** Anything that has a placeholder's form, in either case. */
export const PLACEHOLDER = /\[[A-Z][A-Z_]{1,31}_[0-9A-HJKMNP-TV-Z]{8}(?:_\d{1,6})?\]/gi;

export interface PlaceholderKey {
  readonly secret: string;
  readonly tenant: string;
  readonly conversation: string;
}

/**
 * Gives the placeholder of each value of one request, and keeps the value in the vault. A value that is spelled in
 * several ways (`4111 1111…`, `41111111…`) has one placeholder for each spelling, so that each comes back as it was
 * written; they differ in a number at the end only, so that a model sees that they are the same.
 */
export function placeholders(
  key: PlaceholderKey,
  leaves: readonly Leaf[],
  vault: Vault,
): (kind: EntityKind, value: string) => string {
  const taken = written(leaves);
  const byValue = new Map<string, string>();
  const spellings = new Map<string, { readonly stem: string; count: number }>();
  return (kind, value) => {
    const known = byValue.get(`${kind} ${value}`);
    if (known !== undefined) return known;
    const base = normalised(kind, value);
    const same = `${kind} ${base}`;
    let group = spellings.get(same);
    if (group === undefined) {
      group = { stem: freeStem(key, kind, base, taken, vault), count: 0 };
      spellings.set(same, group);
    }
    group.count++;
    const placeholder = group.count === 1 ? `[${group.stem}]` : `[${group.stem}_${group.count}]`;
    byValue.set(`${kind} ${value}`, placeholder);
    vault.keep(placeholder, value);
    return placeholder;
  };
}

/** Kinds whose every character counts: a space or a capital makes another value. */
const EXACT: ReadonlySet<EntityKind> = new Set(['SECRET', 'URL', 'DATE_OF_BIRTH']);
/** Kinds whose separators part something, but whose capitals do not matter. */
const PARTED: ReadonlySet<EntityKind> = new Set(['EMAIL_ADDRESS', 'IP_ADDRESS', 'PERSON', 'LOCATION']);

/** What stays of a value when only its spelling is taken away. */
export function normalised(kind: EntityKind, value: string): string {
  if (EXACT.has(kind)) return value;
  const plain = value
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase();
  return PARTED.has(kind) ? plain : plain.replace(/[^\p{L}\p{N}]/gu, '');
}

function freeStem(
  key: PlaceholderKey,
  kind: EntityKind,
  value: string,
  taken: ReadonlySet<string>,
  vault: Vault,
): string {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const stem = `${kind}_${identity(key, kind, value, attempt)}`;
    if (!taken.has(stem) && !vault.has(`[${stem}]`)) return stem;
  }
  throw new Error('no free placeholder');
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
  let id = '';
  for (let i = 0; i < ID_CHARS; i++) id += ALPHABET[(hash[i] ?? 0) & 31];
  return id;
}

/** The stems of everything in the request that already has the form of a placeholder: none of these may be given. */
function written(leaves: readonly Leaf[]): ReadonlySet<string> {
  const stems = new Set<string>();
  for (const { text } of leaves) {
    if (!text.includes('[')) continue;
    for (const [found] of text.matchAll(PLACEHOLDER)) {
      stems.add(
        found
          .slice(1, -1)
          .toUpperCase()
          .replace(/_\d{1,6}$/, ''),
      );
    }
  }
  return stems;
}
