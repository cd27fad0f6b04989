/**
 * What was replaced in earlier requests of a conversation: so that a value found once is found in every later request,
 * and keeps its placeholder. In memory only and encrypted there, bounded, and forgotten when the conversation's time is
 * over. What puts values back does not lean on it: each request has its own vault.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { LRUCache } from 'lru-cache';
import { type EntityKind, isNamed, NAME_SCORE_SURE } from '../personal-kinds.ts';
import type { Detection, Finding } from '../shapes.ts';
import type { Entry } from './placeholder/vault.ts';

/** What one process remembers, at most. The conversation that was used longest ago goes first. */
export const MEMORY_LIMITS = {
  conversations_max: 10_000,
  /** Of all conversations together, encrypted. */
  bytes_max: 67_108_864,
  /** Of one conversation; its oldest values go first. */
  values_max: 1_000,
  value_chars_max: 262_144,
  /** Since its last request. */
  idle_ms_max: 3_600_000,
};
export type MemoryLimits = typeof MEMORY_LIMITS;

/** A value that was found earlier in the conversation. */
export interface KnownValue {
  readonly kind: EntityKind;
  readonly value: string;
  /** It counted when it was found. */
  readonly score: 1;
}

/** One conversation's memory, opened for one request. */
export interface Remembered {
  readonly entries: readonly Entry[];
  /** The values to look for in the request. */
  readonly known: readonly KnownValue[];
  /** Adds what was found in the request, whoever answers it, and whatever takes its place if it leaves. */
  found(detection: Detection): void;
  /** Adds the placeholders that were given to values that are sure. */
  keep(fresh: readonly Entry[]): void;
}

/** AES-256 in Galois/Counter mode (NIST SP 800-38D), with a nonce of its own each time. */
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const nameOf = ({ kind, value }: Entry): string => `${kind} ${value}`;

/** Whether it is the same wherever it stands: a name that the model is not sure of may be a word elsewhere. */
export const isSure = ({ kind, score }: Finding): boolean => !isNamed(kind) || score >= NAME_SCORE_SURE;

/** Values that have no placeholder yet, as far as they are sure. */
function notGiven({ leaves, findings }: Detection): Entry[] {
  return findings.filter(isSure).map(({ leaf, start, end, kind }) => ({
    ...{ kind, part: '', id: '' },
    value: leaves[leaf]?.text.slice(start, end) ?? '',
  }));
}

const toRemember = (entries: readonly Entry[]): Pick<Remembered, 'entries' | 'known'> => ({
  entries,
  known: entries.map(({ kind, value }) => ({ kind, value, score: 1 })),
});

export class ConversationMemory {
  /** Of this process alone: without it, a dump of the memory's pages shows no value that was put away. */
  readonly #key = randomBytes(32);
  readonly #limits: MemoryLimits;
  readonly #sealed: LRUCache<string, Buffer>;

  /** @param clock tells the time in milliseconds */
  constructor(limits: Partial<MemoryLimits> = {}, clock: { now(): number } = performance) {
    this.#limits = { ...MEMORY_LIMITS, ...limits };
    this.#sealed = new LRUCache({
      max: this.#limits.conversations_max,
      maxSize: this.#limits.bytes_max,
      sizeCalculation: (sealed) => sealed.length,
      ttl: this.#limits.idle_ms_max,
      ttlResolution: 0,
      // A timer for each, so that it goes on time even if nobody asks for it again.
      ttlAutopurge: true,
      updateAgeOnGet: true,
      perf: clock,
      dispose: (sealed) => {
        sealed.fill(0);
      },
    });
  }

  /** What is remembered of a conversation, as it is now. */
  open(tenant: string, conversation: string): Remembered {
    const name = this.#sealedName(tenant, conversation);
    return {
      ...toRemember(this.#entries(this.#sealed.get(name), name)),
      found: (detection) => this.#add(name, notGiven(detection), 'only_new'),
      keep: (fresh) => this.#add(name, fresh, 'all'),
    };
  }

  /** The same for a request that is only shown: it adds nothing, and keeps nothing longer in memory. */
  look(tenant: string, conversation: string): Remembered {
    const name = this.#sealedName(tenant, conversation);
    const entries = this.#entries(this.#sealed.peek(name), name);
    return { ...toRemember(entries), found: () => undefined, keep: () => undefined };
  }

  #add(name: string, fresh: readonly Entry[], which: 'only_new' | 'all'): void {
    if (fresh.length === 0) return;
    // Read once more: another request of the conversation may have ended meanwhile.
    const before = this.#entries(this.#sealed.get(name), name);
    const known = new Set(before.map(nameOf));
    const added = which === 'all' ? fresh : fresh.filter((entry) => !known.has(nameOf(entry)));
    if (added.length > 0) this.#put(name, [...before, ...added]);
  }

  forget(tenant: string, conversation: string): void {
    this.#sealed.delete(this.#sealedName(tenant, conversation));
  }

  /** Forgets everything. */
  clear(): void {
    this.#sealed.clear();
  }

  get conversations(): number {
    return this.#sealed.size;
  }

  /** The name of a conversation may be a person's: it is not kept in clear either. */
  #sealedName(tenant: string, conversation: string): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([tenant, conversation]))
      .digest('base64');
  }

  #entries(sealed: Buffer | undefined, name: string): readonly Entry[] {
    if (sealed === undefined) return [];
    const decipher = createDecipheriv(CIPHER, this.#key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const clear = Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
    const entries = JSON.parse(clear.toString('utf8')) as readonly Entry[];
    clear.fill(0);
    return entries;
  }

  #put(name: string, entries: readonly Entry[]): void {
    const clear = Buffer.from(JSON.stringify(this.#bounded(entries)));
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    cipher.setAAD(Buffer.from(name));
    const secret = Buffer.concat([cipher.update(clear), cipher.final()]);
    clear.fill(0);
    this.#sealed.set(name, Buffer.concat([nonce, cipher.getAuthTag(), secret]));
  }

  /** The newest that there is room for, each once. */
  #bounded(entries: readonly Entry[]): Entry[] {
    const kept = new Map<string, Entry>();
    let chars = 0;
    for (const entry of entries.toReversed()) {
      const key = nameOf(entry);
      if (kept.has(key)) continue;
      chars += entry.value.length;
      if (kept.size === this.#limits.values_max || chars > this.#limits.value_chars_max) break;
      kept.set(key, entry);
    }
    return [...kept.values()].reverse();
  }

  toJSON(): string {
    return `ConversationMemory(${this.conversations})`;
  }

  toString(): string {
    return this.toJSON();
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}
