/** Numbers that authorities issue: valid ones are found with a word or by their own groups, others are left alone. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nationalId } from '../../../src/detect/kinds/national-id.ts';
import { findStructured } from '../../../src/detect/structured.ts';
import { Subject } from '../../../src/detect/subject.ts';
import { STRUCTURED_KINDS } from '../../../src/personal-kinds.ts';
import { NATIONAL_NUMBERS } from './national/every-number.ts';
import { grouped, type NationalNumber, type Random } from './national/maker.ts';

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
const randoms = fc.integer().map(seeded);
const RUNS = { numRuns: 20 };

const FRAMES: readonly ((word: string, value: string) => string)[] = [
  (word, value) => `My ${word} is ${value}.`,
  (word, value) => `${word}: ${value}, thanks`,
  (word, value) => `Please update it, ${value} is my ${word}`,
  (word, value) => `{"${word}":"${value}"}`,
  (word, value) => `id=7;${word}=${value};ok=1`,
  (word, value) => `(${word} ${value})`,
  (word, value) => `${value} (${word})`,
  (word, value) => `${word}\t${value}\n`,
  (word, value) => `The ${word} that you asked for in your last message is ${value}, please check.`,
  (word, value) => `Name,City,${word}\n"Doe, Jane",Springfield,${value}\n`,
  (word, value) => `2024-05-06T10:30:00Z INFO user=42 ${word.replaceAll(' ', '_')}=${value} status=200`,
  (word, value) => `<td>${word}</td><td>${value}</td>`,
  (word, value) => `| ${word} | Name |\n|---|---|\n| ${value} | Jane |`,
  (word, value) => `hi, ${word.toLowerCase()} ${value} ok?`,
  (word, value) => `**${word.toUpperCase()}**: \`${value}\``,
  (word, value) => `- ${word}:\n  ${value}\n- city: Springfield`,
  (word, value) => `Agent: what is the ${word}?\nCustomer: ${value}`,
];

/** A value as it is, in its usual groups, or in small letters. */
const written = ({ parting }: NationalNumber, value: string, random: Random): string => {
  const way = random(3);
  if (way === 0 && parting !== undefined) return grouped(value, parting);
  return way === 1 ? value.toLowerCase() : value;
};

const isHidden = (text: string, value: string, path: readonly string[] = []): boolean => {
  const start = text.indexOf(value);
  return findStructured(text, path).some(
    (found) => found.start <= start && found.end >= start + value.length,
  );
};

describe.each(NATIONAL_NUMBERS.map((row) => [row.kind, row] as const))('%s', (kind, row) => {
  test('is hidden where a word says what it is', () => {
    fc.assert(
      fc.property(randoms, (random) => {
        const value = written(row, row.make(random), random);
        const word = row.words[random(row.words.length)] ?? '';
        const text = FRAMES[random(FRAMES.length)]?.(word, value) ?? '';
        expect({ text, isHidden: isHidden(text, value) }).toEqual({ text, isHidden: true });
      }),
      RUNS,
    );
  });

  test('is hidden in a field that is named so', () => {
    fc.assert(
      fc.property(randoms, (random) => {
        const value = written(row, row.make(random), random);
        const key = (row.words[0] ?? '').replaceAll(' ', '_');
        expect({ value, isHidden: isHidden(value, value, [key]) }).toEqual({ value, isHidden: true });
      }),
      RUNS,
    );
  });

  if (row.alone !== 'never') {
    test('is hidden without a word', () => {
      fc.assert(
        fc.property(randoms, (random) => {
          const made = row.make(random);
          const value = row.alone === 'parted' ? grouped(made, row.parting ?? '') : made;
          const text = random(2) === 0 ? value : `so it is ${value}, I think`;
          expect({ text, isHidden: isHidden(text, value) }).toEqual({ text, isHidden: true });
          const role = ['user', 'customer', 'member', 'employee'][random(4)] ?? '';
          expect({ role, value, isHidden: isHidden(value, value, [role]) }).toMatchObject({ isHidden: true });
        }),
        RUNS,
      );
    });
  } else {
    test('is left alone without a word', () => {
      fc.assert(
        fc.property(randoms, (random) => {
          const text = `so it is ${row.make(random)}, I think`;
          const kinds = nationalId.find(new Subject(text)).map((found) => found.kind);
          expect({ text, kinds }).not.toEqual({ text, kinds: expect.arrayContaining([kind]) });
        }),
        RUNS,
      );
    });
  }

  if (row.isChecked) {
    test('is none with another check', () => {
      fc.assert(
        fc.property(randoms, (random) => {
          const value = row.make(random);
          const last = value.at(-1) ?? '';
          const other = /\d/.test(last)
            ? String((Number(last) + 1 + random(8)) % 10)
            : last === 'A'
              ? 'B'
              : 'A';
          const text = `My ${row.words[0]} is ${value.slice(0, -1)}${other}.`;
          const kinds = nationalId.find(new Subject(text)).map((found) => found.kind);
          expect({ text, kinds }).not.toEqual({ text, kinds: expect.arrayContaining([kind]) });
        }),
        RUNS,
      );
    });
  }
});

test.each([
  ['DE_HEALTH_INSURANCE', 'A123456780'],
  ['DE_HEALTH_INSURANCE', 'W706206426'],
])('an example in print: %s %s', (kind, value) => {
  expect(nationalId.find(new Subject(value)).map((found) => found.kind)).toContain(kind);
});

test('every national kind has an example here', () => {
  const examples = new Set(NATIONAL_NUMBERS.map(({ kind }) => kind));
  const national = STRUCTURED_KINDS.filter(
    (kind) => /^(?:[A-Z]{2}_|ABA|MEDICAL_L)/.test(kind) && kind !== 'IP_ADDRESS',
  );
  const elsewhere = /^(?:US|UK|ES|IT)_(?:PASSPORT|DRIVER_LICENSE|BANK_NUMBER)$/;
  expect(national.filter((kind) => !examples.has(kind) && !elsewhere.test(kind))).toEqual([]);
});
