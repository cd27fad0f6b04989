import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTokenizer, wordPieces } from '../../src/engine/tokenizer.ts';

const read = (file: string): object =>
  JSON.parse(readFileSync(new URL(`../../models/gte-small-int8/${file}`, import.meta.url), 'utf8'));
const source = [read('tokenizer.json'), read('tokenizer_config.json')] as const;
const tokenizer = createTokenizer(...source);
const library = new Tokenizer(...source);

describe('tokenizer', () => {
  // Ids of BERT's uncased vocabulary, as published with bert-base-uncased.
  test.each([
    ['hello world', [7592, 2088]],
    ['Hello, World!', [7592, 1010, 2088, 999]],
    ['unaffable', [14477, 20961, 3468]],
    ['naïve café', [15743, 7668]],
    ['我的', [1855, 1916]],
    ['', []],
    [' \t\r\n ', []],
    ['\u0000\u0007', []],
  ])('%j', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test('texts stand between [CLS] and [SEP]', () => {
    expect([tokenizer.before, tokenizer.after]).toEqual([101, 102]);
  });

  test('cuts words just as the library does', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abestingo10é的'), maxLength: 120 });
    const text = fc.oneof(letters, fc.string({ unit: 'binary', maxLength: 60 }), fc.lorem());
    fc.assert(
      fc.property(text, (any) => {
        const wellFormed = any.toWellFormed();
        expect(tokenizer.encode(any)).toEqual(library.encode(wellFormed, { add_special_tokens: false }).ids);
      }),
      { numRuns: 300 },
    );
  });

  test('a broken surrogate is one unknown character, not a failure', () => {
    expect(tokenizer.encode('a\ud800b')).toEqual(tokenizer.encode('a\ufffdb'));
  });

  test('a word is looked up no more often than its length times the longest piece', () => {
    let lookups = 0;
    const vocabulary = new Map([
      ['a', 0],
      ['##a', 1],
      ['##aaaa', 2],
    ]);
    vocabulary.has = (piece) => {
      lookups += 1;
      return Map.prototype.has.call(vocabulary, piece);
    };
    const cut = wordPieces(vocabulary, '##', '?', 1000);
    expect(cut('a'.repeat(1000))).toHaveLength(1 + 249 + 3);
    expect(cut('a'.repeat(1001))).toEqual(['?']);
    expect(cut('ab')).toEqual(['?']);
    expect(lookups).toBeLessThan(1010 * 6);
  });

  test('a tokenizer of another kind is refused', () => {
    expect(() => createTokenizer({ ...source[0], post_processor: null }, source[1])).toThrow(
      'exactly one token',
    );
  });
});
