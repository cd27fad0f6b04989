import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cutWords,
  FEATURES,
  featureOf,
  LISTS,
  type Lists,
  SHAPES,
  shapeOf,
} from '../../../src/detect/names/words.ts';

const NONE: Lists = { given: new Set(), family: new Set(), place: new Set() };
const words = (text: string): string[] => cutWords(text).map((word) => word.text);

describe('a text is cut into words', () => {
  test.each([
    ["Jane O'Connor-Smith, 42.", ['Jane', 'O', "'", 'Connor', '-', 'Smith', ',', '42', '.']],
    ['jane_doe@example.org', ['jane', '_', 'doe', '@', 'example', '.', 'org']],
    ['王小明さん', ['王', '小', '明', 'さ', 'ん']],
    ['José Ñandú', ['José', 'Ñandú']],
    ['  \n\t', []],
    ['अमित शर्मा', ['अमित', 'शर्मा']],
    ['ฉันชื่อสมชาย ok', ['ฉัน', 'ชื่อ', 'สมชาย', 'ok']],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('each where it stands, in order, with nothing but space and unseen characters left out', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        let end = 0;
        for (const word of cutWords(text)) {
          expect(text.slice(word.start, word.end)).toBe(word.text);
          expect(word.start).toBeGreaterThanOrEqual(end);
          expect(text.slice(end, word.start)).toMatch(/^[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}]*$/u);
          end = word.end;
        }
      }),
    );
  });
});

describe('what a word is told by beside its letters', () => {
  test.each([
    ['rose', 'lower'],
    ['Rose', 'capitalised'],
    ['ROSE', 'upper'],
    ['McKay', 'mixed'],
    ['J', 'initial'],
    ['j', 'lower'],
    ['42', 'number'],
    ['A4f2', 'code'],
    ['_', 'sign'],
    ['王', 'han'],
    ['さ', 'kana'],
    ['민준', 'hangul'],
    ['अमित', 'indic'],
    ['محمد', 'arabic'],
    ['דוד', 'hebrew'],
    ['สมชาย', 'other'],
    ['Иван', 'capitalised'],
    ['Élodie', 'capitalised'],
  ])('%s is %s', (word, shape) => {
    expect(SHAPES[shapeOf(word)]).toBe(shape);
  });

  test('the lists that it is in, however it is written', () => {
    const lists: Lists = { ...NONE, given: new Set(['rose']), place: new Set(['rose', 'paris']) };
    const plain = featureOf('ROSE', NONE);
    expect(featureOf('ROSE', lists)).toBe(plain + SHAPES.length * 5);
    expect(featureOf('Paris', lists)).toBe(featureOf('Paris', NONE) + SHAPES.length * 4);
    expect(featureOf('Oslo', lists)).toBe(featureOf('Oslo', NONE));
  });

  test('never more than the model has room for', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => {
        const all: Lists = {
          given: new Set([word.toLowerCase()]),
          family: new Set([word.toLowerCase()]),
          place: new Set([word.toLowerCase()]),
        };
        expect(featureOf(word, all)).toBeLessThan(FEATURES);
        expect(featureOf(word, NONE)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test.each([
  ['김지훈입니다', ['given', 'family']],
  ['지훈아', ['given']],
  ['안녕하세요', []],
  ['وخالد', ['given']],
  ['خالد', ['given']],
  ['לדוד', ['given']],
  ['rosewood', []],
])('a name in a word that says more is known from the lists: %s', (word, expected) => {
  const given = new Set(['지훈', 'خالد', 'דוד', 'rose']);
  const feature = featureOf(word, { given, family: new Set(['김']), place: new Set() });
  const bits = Math.floor(feature / SHAPES.length);
  expect(LISTS.filter((_, bit) => (bits & (1 << bit)) !== 0)).toEqual(expected);
});
