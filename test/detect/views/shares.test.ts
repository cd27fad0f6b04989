/** How much of what is hidden is found, and how much of what is harmless is touched: samples that are drawn with a seed. */
import { expect, test } from '@jest/globals';
import { findStructured } from '../../../src/detect/structured.ts';
import { NATIONAL_NUMBERS } from '../kinds/national/every-number.ts';
import { grouped, type Random } from '../kinds/national/maker.ts';
import { ANY } from './obfuscations.ts';

/** A generator with a seed (mulberry32), so that a failure can be run again. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const plain = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '');
const parted =
  (groups: RegExp, sign: string) =>
  (text: string): string =>
    plain(text).replace(groups, `$&${sign}`);
const PARTED = [' ', '-', '.', '_', '/', '*', ', ', ' - ', ' | ', '...', '\n', '🙂', '•', '~'].map((sign) =>
  parted(/.(?=.)/g, sign),
);
const GROUPED = [' ', '-', '_', '/', ' | ', '.'].map((sign) => parted(/...(?=.)/g, sign));
const HIDDEN = [...Object.values(ANY), ...PARTED, ...GROUPED];
const FRAMES: readonly ((word: string, value: string) => string)[] = [
  (word, value) => `My ${word} is ${value}.`,
  (word, value) => `${word}: ${value}, thanks`,
  (word, value) => `please note the ${word} ${value} of my account`,
];

const isHidden = (text: string, value: string): boolean => {
  const start = text.lastIndexOf(value);
  return findStructured(text).some((found) => found.start <= start && found.end >= start + value.length);
};

test('of national numbers with their word, hidden in some way, 95 in 100 are found whole', () => {
  const random = seeded(5);
  const missed: string[] = [];
  let all = 0;
  for (const row of NATIONAL_NUMBERS) {
    for (const hide of HIDDEN) {
      const value = row.make(random);
      const word = row.words[random(row.words.length)] ?? '';
      const written = row.parting !== undefined && random(2) === 0 ? grouped(value, row.parting) : value;
      const text = FRAMES[random(FRAMES.length)]?.(word, hide(written)) ?? '';
      all++;
      if (!isHidden(text, hide(written))) missed.push(text);
    }
  }
  expect(missed.length / all).toBeLessThan(0.05);
});

/** Lines that are full of numbers, none of them anybody's. */
const LINES: readonly ((random: Random) => string)[] = [
  (random) => list(random, 4 + random(12), 99, ' '),
  (random) => list(random, 4 + random(12), 99, ', '),
  (random) => `ratings ${list(random, 5 + random(12), 10, ', ')}`,
  (random) =>
    `${1 + random(999)}.${digits(random, 2)} ${1 + random(999)}.${digits(random, 2)} + 2,${digits(random, 3)}.50`,
  (random) =>
    `2025-01-${10 + random(18)}T10:${10 + random(49)}:07.${digits(random, 3)}Z took ${digits(random, 4)}ms 200`,
  (random) => Array.from({ length: 8 }, () => digits(random, 1 + random(6))).join(','),
  (random) =>
    `Order #${digits(random, 4)}-${digits(random, 4)}-${digits(random, 2)}, total $${digits(random, 3)}.99`,
  (random) =>
    `from ${random(20)}.${random(30)}.${random(30)} to ${random(20)}.${random(30)}.${random(30)}-rc.1`,
  (random) => `const a = [${list(random, 9, 999, ', ')}]; x_${digits(random, 2)}_${digits(random, 3)}_b`,
  (random) => `${random(90)}.${digits(random, 6)}, ${random(180)}.${digits(random, 6)}`,
  (random) => `part SBL-${digits(random, 4)}-${digits(random, 3)}B rev ${digits(random, 2)}`,
  (random) => `I have one cat, two dogs and ${random(9)} fish, version two point five point one`,
  (random) => `won 6-4 3-6 7-5 ${random(7)}-3 at Will's, look at example.org or meet at 5`,
  (random) => `$${digits(random, 2)},500–$${digits(random, 3)},000 and 50% to 75% of ${digits(random, 5)}`,
];

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random(10)).join('');
const list = (random: Random, count: number, below: number, sign: string): string =>
  Array.from({ length: count }, () => random(below)).join(sign);

test('of harmless lines full of numbers, no view but the raw one touches more than 1 in 100', () => {
  const random = seeded(7);
  const touched: string[] = [];
  const RUNS = 100;
  for (const line of LINES) {
    for (let run = 0; run < RUNS; run++) {
      const text = line(random);
      if (findStructured(text).some(({ view }) => view !== 'raw')) touched.push(text);
    }
  }
  expect(touched.length / (LINES.length * RUNS)).toBeLessThan(0.01);
});
