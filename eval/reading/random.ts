/** Chance that is the same in every run. */
import { seededRandom } from '../../src/statistics/random.ts';

/** Numbers from 0 up to 1. */
export type Random = () => number;

/** A generator for a seed in words, which FNV-1a hashes: what is drawn is named, not numbered. */
export function seeded(seed: string): Random {
  let hash = 0x811c9dc5;
  for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return seededRandom(hash);
}

/** One of the values. @throws RangeError when there is none */
export function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
}
