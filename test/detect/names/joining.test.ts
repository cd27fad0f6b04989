import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joined } from '../../../src/detect/names/joining.ts';
import type { NamedSpan } from '../../../src/detect/names/spans.ts';
import { NAMED_KINDS } from '../../../src/personal-kinds.ts';

/** Marks in a text: `<A …>` an address, `<L …>` a place, `<U …>` a user name, `<P …>` a person, `<T …>` a title, `<G …>` an age. */
const KINDS = { A: 'ADDRESS', L: 'LOCATION', U: 'USERNAME', P: 'PERSON', T: 'TITLE', G: 'AGE' } as const;

function join(marked: string): string[] {
  const spans: NamedSpan[] = [];
  let text = '';
  for (const [, plain = '', letter, inside = ''] of marked.matchAll(/([^<]+)|<(\w) ([^>]*)>/g)) {
    if (letter !== undefined) {
      const kind = KINDS[letter as keyof typeof KINDS];
      spans.push({ start: text.length, end: text.length + inside.length, kind, score: 0.9 });
    }
    text += plain + inside;
  }
  return joined(text, spans).map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);
}

test.each([
  ['4-28-19 <A Umeda>, <L Osaka> 530-0001.', ['ADDRESS 4-28-19 Umeda, Osaka 530-0001']],
  ['<A ul. Lipowa> 7/<A 12>, <A 00-950> <L Warszawa>', ['ADDRESS ul. Lipowa 7/12, 00-950 Warszawa']],
  ['<A 12 Elm St>\n<L Ulm>', ['ADDRESS 12 Elm St\nUlm']],
  ['<A 12 Elm St> and <L Ulm>', ['ADDRESS 12 Elm St', 'LOCATION Ulm']],
  ['<A 12 Elm St>\n\n<L Ulm>', ['ADDRESS 12 Elm St', 'LOCATION Ulm']],
  ['<A 12 Elm St>, <P Jane>', ['ADDRESS 12 Elm St', 'PERSON Jane']],
  ['<L Paris>, <L Ulm>', ['LOCATION Paris', 'LOCATION Ulm']],
  ['I paid 30 <A Elm St>', ['ADDRESS 30 Elm St']],
  ['see <U night_fox>_99, ok', ['USERNAME night_fox_99']],
  ['by <U ana.b>.', ['USERNAME ana.b']],
  ['@j0hn<U ny>_05 thanks', ['USERNAME j0hnny_05']],
  ['order <A 4471-223> of <U 99>', []],
  ['is <U C01X00T47> right, <U 9f86d081>', []],
  ['ask @<U NEO99>', ['USERNAME NEO99']],
  ['by <U JSMITH92> or <U deadbeef42>', ['USERNAME JSMITH92', 'USERNAME deadbeef42']],
  ['<T Dr.> <P Jane>, <T MRN> 4471', ['TITLE Dr.', 'PERSON Jane']],
  ['he is <G 42>', ['AGE 42']],
  ['dump: <A 1f e7 d1 28> of <L abaea4a334cbdf54548f86894f99ae38>', []],
  ['exit 6 on the <A A6> or <A EUR> or <L USD> or <A 2RS>', []],
  ['to <A SW1A 1AA> or <A K1A 0B1>', ['ADDRESS SW1A 1AA', 'ADDRESS K1A 0B1']],
  ['key <A 46iXBtZy6qXhAQESUYuLqbTxEqGqtNNw7D6mu1QZ> of <U VRDLCU82H67H501B>', []],
  ['in <A 東京都港区1-2>', ['ADDRESS 東京都港区1-2']],
])('%s', (marked, expected) => {
  expect(join(marked)).toEqual(expected);
});

describe('whatever was found', () => {
  test('stays found, if there is a word in it, in order and apart', () => {
    const text = fc.stringMatching(/^[\w .,\n-]{0,80}$/);
    const cuts = fc.uniqueArray(fc.nat(80), { maxLength: 12 });
    fc.assert(
      fc.property(text, cuts, fc.array(fc.constantFrom(...NAMED_KINDS)), (source, places, kinds) => {
        const ends = places.filter((place) => place <= source.length).sort((a, b) => a - b);
        const spans: NamedSpan[] = [];
        for (let at = 0; at + 1 < ends.length; at += 2) {
          const [start = 0, end = 0] = ends.slice(at);
          spans.push({ start, end, kind: kinds[at] ?? 'PERSON', score: 0.5 });
        }
        const result = joined(source, spans);
        for (const { start, end, kind } of spans) {
          const name = source.slice(start, end);
          if (kind === 'TITLE' || kind === 'USERNAME' || !/[a-z]{3}/.test(name) || /^\w{7}/.test(name))
            continue;
          expect(result.some((span) => span.start <= start && span.end >= end)).toBe(true);
        }
        for (const [at, span] of result.entries()) {
          expect(span.start).toBeGreaterThanOrEqual(result[at - 1]?.end ?? 0);
          expect(span.end).toBeLessThanOrEqual(source.length);
        }
      }),
    );
  });
});
