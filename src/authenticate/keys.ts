/**
 * API keys. A key is 32 random bytes, so its plain SHA-256 is as safe to store as a slow hash would be (a slow hash
 * protects guessable secrets): the file never holds a key, only digests.
 *
 * ```yaml
 * keys:
 *   - id: support-portal
 *     tenant: shop
 *     sha256: 9f86d081…
 *     scopes: [chat]            # chat, handoff
 * ```
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Caller, Scope } from '../shapes.ts';
import { readRows } from '../wire/rows.ts';

export interface StoredKey {
  readonly caller: Caller;
  /** SHA-256 of the key. */
  readonly digest: Buffer;
}

const SCOPES: readonly Scope[] = ['chat', 'handoff'];
const KEYS_MIB_MAX = 4;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** The tenants that have a key, each once. */
export const tenantsOf = (keys: readonly StoredKey[]): readonly string[] => [
  ...new Set(keys.map(({ caller }) => caller.tenant)),
];

export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Makes a key. It is shown once; what is stored is its digest. */
export const newKey = (): string => `tg-${randomBytes(32).toString('base64url')}`;

/** Reads the file of keys. @throws RowsError naming every row at fault; it holds no digest. */
export function loadKeys(file: string): readonly StoredKey[] {
  return readRows({
    file,
    setting: 'TIERGATE_KEYS',
    key: 'keys',
    sizeMiBMax: KEYS_MIB_MAX,
    notYaml: ({ code }, line) => `line ${line}: not YAML (${code})`,
    readRow: readKey,
    together: (keys) => [
      ...(hasTwice(keys.map(({ caller }) => caller.keyId)) ? ['Two keys have the same id.'] : []),
      ...(hasTwice(keys.map(({ digest }) => digest.toString('hex')))
        ? ['Two keys have the same sha256.']
        : []),
    ],
  });
}

const hasTwice = (values: readonly string[]): boolean => new Set(values).size < values.length;

/** Reads one row. Every problem is told; a row that has one is not usable. */
export function readKey(row: unknown, problem: (what: string) => void): StoredKey[] {
  if (typeof row !== 'object' || row === null) {
    problem('A key must be a mapping of id, tenant, sha256 and scopes.');
    return [];
  }
  const { id, tenant, sha256, scopes, ...rest } = row as Record<string, unknown>;
  for (const key of Object.keys(rest)) problem(`\`${key}\` is not a field of a key.`);
  if (typeof id !== 'string' || !NAME.test(id)) problem('`id` must be a short name.');
  if (typeof tenant !== 'string' || !NAME.test(tenant)) problem('`tenant` must be a short name.');
  if (typeof sha256 !== 'string' || !DIGEST.test(sha256))
    problem('`sha256` must be 64 lower-case hex digits.');
  const isScopes = Array.isArray(scopes) && scopes.length > 0 && scopes.every((s) => SCOPES.includes(s));
  if (!isScopes) problem(`\`scopes\` must list some of: ${SCOPES.join(', ')}.`);
  return [
    {
      caller: Object.freeze({ keyId: String(id), tenant: String(tenant), scopes: scopes as Scope[] }),
      digest: Buffer.from(String(sha256), 'hex'),
    },
  ];
}
