/**
 * The authenticate stage: who asks?
 */
import { timingSafeEqual } from 'node:crypto';
import { TiergateError } from '../errors.ts';
import type { Caller, Scope } from '../shapes.ts';
import { digestOf, type StoredKey } from './keys.ts';

export type Authenticate = (authorization: string | undefined, scope: Scope) => Caller;

const BEARER = /^Bearer +(\S{1,512}) *$/i;

/**
 * Keys are found by the first bytes of their digest and compared in constant time. Looking up a digest's beginning
 * tells an attacker nothing: to steer it, they would have to invert SHA-256.
 * @throws TiergateError authenticate_missing, authenticate_invalid, authenticate_scope
 */
export function createAuthenticate(keys: readonly StoredKey[]): Authenticate {
  const shelves = Map.groupBy(keys, ({ digest }) => digest.readUInt32BE(0));
  return (authorization, scope) => {
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
    if (key === undefined) throw new TiergateError('authenticate_missing');
    const digest = digestOf(key);
    const found = shelves
      .get(digest.readUInt32BE(0))
      ?.find((stored) => timingSafeEqual(stored.digest, digest));
    if (found === undefined) throw new TiergateError('authenticate_invalid');
    if (!found.caller.scopes.includes(scope)) throw new TiergateError('authenticate_scope', { param: scope });
    return found.caller;
  };
}
