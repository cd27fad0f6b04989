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
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { Caller, Scope } from '../shapes.ts';

export interface StoredKey {
  readonly caller: Caller;
  /** SHA-256 of the key. */
  readonly digest: Buffer;
}

const SCOPES: readonly Scope[] = ['chat', 'handoff'];
const KEYS_BYTES_MAX = 4_194_304;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const DIGEST = /^[0-9a-f]{64}$/;

/** The tenants that have a key, each once. */
export const tenantsOf = (keys: readonly StoredKey[]): readonly string[] => [
  ...new Set(keys.map(({ caller }) => caller.tenant)),
];

export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** Makes a key. It is shown once; what is stored is its digest. */
export const newKey = (): string => `tg-${randomBytes(32).toString('base64url')}`;

/** The file of keys is not usable; the message has a line for every problem, and no digest. */
export class KeysError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file} is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'KeysError';
  }
}

/** Reads the file of keys. @throws KeysError naming every row at fault. */
export function loadKeys(file: string): readonly StoredKey[] {
  const source = read(file);
  if (source.length > KEYS_BYTES_MAX) throw new KeysError(file, ['The file is larger than 4 MiB.']);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new KeysError(
      file,
      document.errors.map(({ linePos, code }) => `line ${linePos?.[0].line ?? 1}: not YAML (${code})`),
    );
  }
  const rows: unknown = (document.toJS() as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(rows) || rows.length === 0) throw new KeysError(file, ['`keys` must be a list.']);
  const problems: string[] = [];
  const keys = rows.flatMap((row: unknown, i) => {
    const node = document.getIn(['keys', i], true) as { range?: [number, number, number] } | undefined;
    const line = lines.linePos(node?.range?.[0] ?? 0).line;
    return readKey(row, (what) => problems.push(`line ${line}: ${what}`));
  });
  for (const field of ['keyId', 'digest'] as const) {
    const seen = keys.map((key) => (field === 'digest' ? key.digest.toString('hex') : key.caller.keyId));
    if (new Set(seen).size < seen.length)
      problems.push(`Two keys have the same ${field === 'digest' ? 'sha256' : 'id'}.`);
  }
  if (problems.length > 0) throw new KeysError(file, problems);
  return keys;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KeysError(file, [
      `The file that TIERGATE_KEYS names cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    ]);
  }
}

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
