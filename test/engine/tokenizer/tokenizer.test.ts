import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { PairTable } from '../../../src/engine/tokenizer/trie.ts';
import { varietyOfLines } from './tokenizer.lines.ts';
import { learnPacks } from './tokenizer.packs.ts';

/** Hugging Face's own, in Rust; as much of it as is used here. */
interface Reference {
  encodeBatch(lines: readonly string[], options: object): Promise<{ getIds(): number[] }[]>;
}
const { Tokenizer: ReferenceTokenizer } = createRequire(import.meta.url)('@anush008/tokenizers') as {
  Tokenizer: { fromString(json: string): Reference };
};

const LINES = 100_000;
/** Some seconds' work, were the machine not also doing other things. */
const PATIENCE_MS = 120_000;
/** Lines from here on are no longer a sweep over the code points. */
const SWEPT = 5_000;
const lines = varietyOfLines(LINES);

const gteSmall = JSON.parse(
  readFileSync(new URL('../../../models/tiergate-small-int4/tokenizer.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
const kinds = {
  'gte-small': { ...gteSmall, truncation: null, padding: null },
  ...learnPacks(lines.slice(SWEPT, SWEPT + 250)),
};
const tokenizer = createTokenizer(gteSmall);

describe('ids of BERT’s uncased vocabulary, as published with bert-base-uncased', () => {
  test.each([
    ['hello world', [7592, 2088]],
    ['Hello, World!', [7592, 1010, 2088, 999]],
    ['unaffable', [14477, 20961, 3468]],
    ['naïve café', [15743, 7668]],
    ['我的', [1855, 1916]],
    ['say [MASK]!', [2360, 103, 999]],
    ['', []],
    [' \t\r\n ', []],
    ['\u0000\u0007', []],
  ])('%j', (text, ids) => {
    expect(tokenizer.encode(text)).toEqual(ids);
  });

  test('texts stand between [CLS] and [SEP]', () => {
    expect([tokenizer.before, tokenizer.after]).toEqual([101, 102]);
  });
});

describe('every id is the reference’s', () => {
  test.each([
    ['gte-small', LINES],
    ['like BERT, cased', 8_000],
    ['like RoBERTa', 8_000],
    ['like ModernBERT', 8_000],
    ['like XLM-R', 8_000],
  ] as const)(
    '%s, on %i lines',
    async (kind, count) => {
      const ours = createTokenizer(kinds[kind]);
      const reference = ReferenceTokenizer.fromString(JSON.stringify(kinds[kind]));
      const some = lines.slice(0, count);
      const expected = await reference.encodeBatch(some, { addSpecialTokens: false });
      const differing: unknown[] = [];
      for (const [index, line] of some.entries()) {
        const [got, wanted] = [ours.encode(line), expected[index]!.getIds()];
        if (got.join() !== wanted.join()) differing.push({ line, got, wanted });
      }
      expect(differing.slice(0, 3)).toEqual([]);
      expect(expected).toHaveLength(count);
    },
    PATIENCE_MS,
  );
});

describe('whatever the text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom(...'aB1 .ñ的한\u0301\ud83d\udc4d'), maxLength: 80 }),
    fc.constantFrom(...lines.slice(SWEPT)),
  );

  test('words are cut each by itself', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const apart = [...tokenizer.encode(one), ...tokenizer.encode(other)];
        expect(tokenizer.encode(`${one} ${other}`)).toEqual(apart);
      }),
    );
  });

  test.each(Object.entries(kinds))(
    '%s: ids are of the vocabulary, and the same the second time',
    (_, kind) => {
      const any = createTokenizer(kind);
      fc.assert(
        fc.property(text, (one) => {
          const ids = any.encode(one);
          expect(ids.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
          expect(any.encode(one)).toEqual(ids);
        }),
      );
    },
  );

  test('a broken surrogate is what U+FFFD is', () => {
    for (const kind of Object.values(kinds)) {
      const any = createTokenizer(kind);
      expect(any.encode('a\ud800b')).toEqual(any.encode('a\ufffdb'));
    }
  });
});

describe('hostile texts cost no more look-ups than their length allows', () => {
  const LENGTH = 12_000;
  const hostile: [string, string][] = [
    ['one word', 'a'.repeat(LENGTH)],
    ['words just short enough', `${'q'.repeat(99)} `.repeat(LENGTH / 100)],
    ['syllables', 'unrestable'.repeat(LENGTH / 10)],
    ['spaces', ' '.repeat(LENGTH)],
    ['marks', '\u0301'.repeat(LENGTH)],
    ['ideographs', '的'.repeat(LENGTH)],
    ['almost special', '[MASK'.repeat(LENGTH / 5)],
    ['joined emoji', '👩\u200d'.repeat(LENGTH / 3)],
  ];
  /** More than any of these takes of one of the tokenizers, and far less than a cost in the square of the length. */
  const LOOKUPS_A_UNIT = 10;
  const { get } = PairTable.prototype;
  let lookups = 0;
  beforeAll(() => {
    PairTable.prototype.get = function count(this: PairTable, ...pair) {
      lookups += 1;
      return get.apply(this, pair);
    };
  });
  afterAll(() => {
    PairTable.prototype.get = get;
  });

  const tokenizers = Object.values(kinds).map((kind) => createTokenizer(kind));
  test.each(hostile)('%s', (_, text) => {
    const counts = tokenizers.map((any) => {
      lookups = 0;
      any.encode(text);
      return lookups;
    });
    expect(Math.max(...counts)).toBeLessThan(LOOKUPS_A_UNIT * LENGTH);
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });
});

describe('a tokenizer that is not known here is refused, not read wrong', () => {
  const merge = (part: string, options: object) => ({
    ...gteSmall,
    [part]: { ...(gteSmall[part] as object), ...options },
  });
  const token = (gteSmall.added_tokens as object[])[0];
  const roberta = kinds['like RoBERTa'] as { model: object };
  test.each([
    ['exactly one token', { ...gteSmall, post_processor: null }],
    ['exactly one token', merge('post_processor', { single: [] })],
    ['exactly one token', {}],
    ['model "undefined"', { ...gteSmall, model: undefined }],
    ['model "WordLevel"', merge('model', { type: 'WordLevel' })],
    ['no id for unknown words', merge('model', { unk_token: '?!?' })],
    ['normalizer "Nmt"', merge('normalizer', { type: 'Nmt' })],
    ['does not clean', merge('normalizer', { clean_text: false })],
    ['regular expression', merge('normalizer', { type: 'Replace', pattern: { Regex: '(a+)+$' } })],
    ['broken charsmap', merge('normalizer', { type: 'Precompiled', precompiled_charsmap: 'AAA=' })],
    ['pre-tokenizer "Whitespace"', merge('pre_tokenizer', { type: 'Whitespace' })],
    ['pre-tokenizer', { ...gteSmall, pre_tokenizer: null }],
    ['rstrip', { ...gteSmall, added_tokens: [{ ...token, rstrip: true }] }],
    ['ignored merges', { ...roberta, model: { ...roberta.model, ignore_merges: true } }],
    ['not in its vocabulary', { ...roberta, model: { ...roberta.model, merges: ['a zzz'] } }],
  ])('%s', (problem, changed) => {
    expect(() => createTokenizer(changed)).toThrow(problem);
  });
});
