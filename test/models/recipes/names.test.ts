import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encode, LABELS, TOKENS_MAX } from '../../../models/recipes/names/encode.ts';
import { type Filler, fill, type Piece } from '../../../models/recipes/names/fill.ts';
import { type Faker, isAside, type People, type Pools } from '../../../models/recipes/names/pools.ts';
import { type Row, readLifebench, readTemplates, readWnut } from '../../../models/recipes/names/rows.ts';
import { disguised } from '../../../models/recipes/names/typing.ts';
import type { Lists } from '../../../src/detect/names/words.ts';
import type { Tokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { seededRandom } from '../../../src/statistics/random.ts';

const FAKER: Faker = {
  seed: () => {},
  location: {
    streetAddress: () => '1 Elm Way',
    secondaryAddress: () => 'Apt 2',
    city: () => 'Ulm',
    state: () => 'Kent',
    zipCode: () => '12345',
    street: () => 'Elm Way',
  },
  company: { name: () => 'Kuhn Inc' },
  internet: { username: () => 'kuhn7', email: () => 'a@example.org', url: () => 'https://example.org' },
  phone: { number: () => '555 0100' },
};
const PEOPLE: People = {
  origin: 'test',
  given: ['Jane', 'Kofi', 'Mei', 'Anders'],
  family: ['Doe', 'Mensah', 'Wang', 'Berg'],
  isFamilyFirst: false,
  isJoined: false,
  language: 'en',
};
const POOLS: Pools = {
  people: [PEOPLE],
  places: { known: ['Paris'], cities: ['Ulm'], regions: ['Kent'] },
  countries: { en: ['France'] },
  nationalities: ['French'],
  streets: {
    words: ['Maple'],
    types: ['Street'],
    forms: { english: ['{nn} {word} {type}'], other: ['Calle {name} {n}'] },
  },
  organisations: {
    real: ['Acme'],
    words: ['Apex'],
    nouns: ['Foods'],
    suffixes: ['Ltd'],
    patterns: ['Bank of {city}'],
  },
  prefixes: { en: ['Dr.'] },
  fakers: { en: FAKER },
};
const filler = (seed: number): Filler => ({
  pools: POOLS,
  random: seededRandom(seed),
  people: PEOPLE,
  faker: FAKER,
  language: 'en',
  allows: () => true,
});
const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

describe('a filled template', () => {
  test('says of every piece what it names', () => {
    const pieces = fill({ text: 'Dear {{prefix}} {{last}}, welcome to {{city}}.' }, filler(1));
    expect(pieces.map(({ kind }) => kind)).toEqual([null, 'TITLE', null, 'PERSON', null, 'LOCATION', null]);
  });

  test('has one name where a first and a last one stand together', () => {
    const pieces = fill({ text: '{{first}} {{last}}' }, filler(2));
    expect(pieces).toEqual([{ text: expect.stringMatching(/^\S+ .+$/), kind: 'PERSON' }]);
  });

  test('every template of ours can be filled', () => {
    for (const [at, template] of readTemplates().entries()) {
      expect(textOf(fill(template, filler(at)))).not.toContain('{{');
    }
  });

  test('a slot that is not known is refused', () => {
    expect(() => fill({ text: '{{planet}}' }, filler(3))).toThrow('There is no slot planet.');
  });

  test('no name is used that is set aside', () => {
    for (let seed = 0; seed < 20; seed++) {
      const chosen = { ...filler(seed), allows: (name: string) => name === 'Kofi' };
      expect(textOf(fill({ text: '{{first}}' }, chosen))).toBe('Kofi');
    }
    const names = Array.from({ length: 200 }, (_, at) => `name ${at}`);
    expect(names.filter(isAside).length).toBeGreaterThan(5);
    expect(names.filter(isAside).length).toBeLessThan(40);
  });
});

test('typing changes no kind and loses no piece', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.string(), (seed, one, two) => {
      const pieces: Piece[] = [
        { text: one, kind: null },
        { text: two, kind: 'PERSON' },
      ];
      expect(disguised(pieces, seededRandom(seed)).map(({ kind }) => kind)).toEqual([null, 'PERSON']);
    }),
  );
});

describe('rows as the model reads them', () => {
  const lists: Lists = { given: new Set(['jane']), family: new Set(), place: new Set() };
  const tokenizer: Tokenizer = {
    before: 1,
    after: 2,
    encode: (word) =>
      Array.from({ length: Math.ceil(word.length / 4) }, (_, at) => 10 + word.charCodeAt(at * 4)),
  };
  const labelsOf = (row: Row): string[] =>
    encode(row, tokenizer, lists, null).labels.map((label) => LABELS[label] ?? '·');

  test('a label stands where a word begins', () => {
    const pieces: Piece[] = [
      { text: 'Call ', kind: null },
      { text: "Jane O'Connor", kind: 'PERSON' },
      { text: '.', kind: null },
    ];
    const person = ['B-PERSON', 'I-PERSON', 'I-PERSON', 'I-PERSON', '·'];
    expect(labelsOf({ pieces, origin: null })).toEqual(['·', 'O', ...person, 'O', '·']);
  });

  test('two names that touch begin each', () => {
    const pieces: Piece[] = [
      { text: 'Jane ', kind: 'PERSON' },
      { text: 'Kofi', kind: 'PERSON' },
    ];
    expect(labelsOf({ pieces, origin: null })).toEqual(['·', 'B-PERSON', 'B-PERSON', '·']);
  });

  test('never longer than a window', () => {
    const row = { pieces: [{ text: 'word '.repeat(500), kind: null }], origin: null };
    expect(encode(row, tokenizer, lists, null).ids.length).toBeLessThanOrEqual(TOKENS_MAX);
  });

  test('a list is forgotten now and then, and never when serving', () => {
    const row: Row = { pieces: [{ text: 'jane '.repeat(50), kind: 'PERSON' }], origin: null };
    const served = new Set(encode(row, tokenizer, lists, null).features.slice(1, -1));
    const learned = new Set(encode(row, tokenizer, lists, seededRandom(1)).features.slice(1, -1));
    expect([served.size, learned.size]).toEqual([1, 2]);
  });
});

describe('public sets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'names-'));
  const fileOf = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('words and labels, a line each', () => {
    const rows = readWnut(
      fileOf('a', 'hi\tO\nJane\tB-person\nDoe\tI-person\nbuys\tO\nLego\tB-product\n\t\nok\tO\n'),
    );
    expect(rows.map(({ pieces }) => pieces.filter(({ kind }) => kind !== null))).toEqual([
      [{ text: 'Jane Doe', kind: 'PERSON' }],
      [],
    ]);
  });

  test('spans in code points, line by line; what names nothing is left out', () => {
    const text = '🙂 Mr. Feng at the museum\nNo. 3 Elm Road';
    const spans = [
      { start: 2, end: 10, type: 'PERSON' },
      { start: 14, end: 24, type: 'LOCATION' },
      { start: 25, end: 39, type: 'LOCATION' },
    ];
    const rows = readLifebench(fileOf('b', `${JSON.stringify({ text, spans })}\n`), () => true);
    expect(rows.map(({ pieces }) => textOf(pieces))).toEqual(['🙂 Mr. Feng at the museum', 'No. 3 Elm Road']);
    expect(rows.flatMap(({ pieces }) => pieces.filter(({ kind }) => kind !== null))).toEqual([
      { text: 'Mr.', kind: 'TITLE' },
      { text: 'Feng', kind: 'PERSON' },
      { text: 'No. 3 Elm Road', kind: 'ADDRESS' },
    ]);
  });
});
