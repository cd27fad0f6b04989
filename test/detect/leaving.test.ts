import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { searchLeaving } from '../../src/detect/leaving.ts';
import { containsPersonal } from '../../src/detect/structured.ts';
import { placeholderOf } from '../../src/placeholder-form.ts';
import { EVERYTHING } from '../../src/policy/personal-rules.ts';
import type { Json } from '../../src/shapes.ts';

const holds = (body: Json, rules = EVERYTHING): boolean => [...searchLeaving(body, rules)].includes(true);
const VALUE = 'jane.doe@example.com';
const PLACEHOLDER = placeholderOf('EMAIL_ADDRESS', '', '482KQX917');
const filler = (chars: number): string =>
  'No number is of anybody here. '.repeat(chars / 30 + 1).slice(0, chars);

describe('the search of what is about to leave', () => {
  test('finds what a search at once finds', () => {
    const word = fc.constantFrom(
      'call',
      VALUE,
      PLACEHOLDER,
      '+1 212 555 0143',
      '4111 1111 1111 1111',
      'x',
      '12',
    );
    const body = fc.object({ key: word, values: [word], maxDepth: 2 });
    fc.assert(
      fc.property(body, (some) => {
        const json = JSON.parse(JSON.stringify(some)) as Json;
        expect(holds(json)).toBe(containsPersonal(json));
      }),
      { numRuns: 100 },
    );
  });

  test('finds a value wherever it stands in a long text', () => {
    for (const value of [VALUE, 'my card: 4111 1111 1111 1111', 'IBAN DE89 3704 0044 0532 0130 00']) {
      for (let at = 11_000; at < 34_000; at += 511) {
        expect([value, at, holds({ a: `${filler(at)} ${value} ${filler(20_000)}` })]).toEqual([
          value,
          at,
          true,
        ]);
      }
    }
  });

  test('does not find what a cut makes of a number or a placeholder', () => {
    const long = `order no. ${'4111111111111111'.repeat(2)}; ref 1234567890 ${PLACEHOLDER} `;
    const text = long.repeat(40_000 / long.length);
    expect(containsPersonal({ a: text })).toBe(false);
    expect(holds({ a: text })).toBe(false);
    for (let shift = 1; shift < long.length; shift += 7) {
      expect([shift, holds({ a: filler(shift) + text })]).toEqual([shift, false]);
    }
  });

  test('goes in short pieces through long texts', () => {
    expect([...searchLeaving({ a: filler(100_000) })].length).toBeGreaterThan(6);
    expect([...searchLeaving('')]).toEqual([false]);
  });

  test('asks the rules what counts', () => {
    expect(holds({ a: VALUE }, { ...EVERYTHING, counts: () => false })).toBe(false);
  });
});
