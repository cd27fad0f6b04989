/** What is said of a list's first value goes for all of it, whoever stands between. */
import { describe, expect, test } from '@jest/globals';
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import { MASK } from '../../../src/detect/mask.ts';
import { goesOn, listStart } from '../../../src/detect/said/lists.ts';
import { containsPersonal, findStructured } from '../../../src/detect/structured.ts';

const found = (text: string): string[] =>
  findStructured(text).map(({ start, end }) => text.slice(start, end));

describe('a name before each value, or behind it, ends no list', () => {
  test.each([
    ['MRNs: Anna Schmidt 1234567, Bob Miller 2345678', ['1234567', '2345678']],
    ['MRNs: 1234567 (Anna Schmidt), 2345678 (Bob Miller)', ['1234567', '2345678']],
    ['MRN 1234567 for Anna Schmidt and 2345678 for Bob Miller', ['1234567', '2345678']],
    ['MRNs: 1234567 belongs to Anna Schmidt, 2345678 belongs to Bob Miller', ['1234567', '2345678']],
    ['The MRN of Anna Schmidt is 1234567, that of Bob Miller is 2345678', ['1234567', '2345678']],
    ['MRN for Anna Schmidt: 1234567 and for Bob Miller: 2345678', ['1234567', '2345678']],
    ['Patients (name, MRN): Anna Schmidt, 1234567; J. Ng, 2345678', ['1234567', '2345678']],
    ['MRNs:\n- Anna van der Berg: 1234567\n- Bob: 2345678', ['1234567', '2345678']],
    ['Passport numbers: Anna Schmidt A1234567, Bob Miller B2345678', ['A1234567', 'B2345678']],
    ['Account numbers: Anna Schmidt 12345678, Bob Miller 87654321', ['12345678', '87654321']],
    ['NHS numbers: Anna Schmidt 943 476 5919, Bob Miller 450 557 7104', ['943 476 5919', '450 557 7104']],
    ['Phones: Anna Schmidt 5550123, Bob Miller 5550199', ['5550123', '5550199']],
    ['PINs: Anna Schmidt 4711, Bob Miller 0815', ['4711', '0815']],
    ['PINs: 4711, 0815 and 1234', ['4711', '0815', '1234']],
    ['Dates of birth: Anna Schmidt 12/04/1985, Bob Miller 03/05/1960', ['12/04/1985', '03/05/1960']],
    ['Dates of birth: 12 April 1985, 03/05/1960, 1960-05-04', ['12 April 1985', '03/05/1960', '1960-05-04']],
    ['Passports: A1234567, +44 20 7946 0958, B1234567', ['A1234567', '+44 20 7946 0958', 'B1234567']],
    ['MRNs: 1234567, anna@example.com, 2345678', ['1234567', 'anna@example.com', '2345678']],
  ])('%s', (text, values) => {
    expect(found(text)).toEqual(values);
  });

  test('however long the list is', () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `${i % 2 === 0 ? 'Anna' : 'Bob'} Schmidt ${2_345_678 + i * 7_919}`,
    );
    expect(found(`MRNs: ${rows.join(', ')}`)).toHaveLength(300);
    const mails = Array.from({ length: 300 }, (_, i) => `anna@example.com, ${2_345_678 + i * 7_919}`);
    expect(found(`MRNs: ${mails.join(', ')}`)).toHaveLength(600);
  });
});

test.each([
  'MRN 1234567, Order 2345678',
  'MRN: 1234567, New York 1000123',
  'MRN 1234567. Bob Miller 2345678',
  'Patient: Anna Schmidt 1234567, MRN 1234567, Visit 2345678',
  'PIN: see page 4711',
  'PIN: Page 4711',
])('what only looks like a list is none: %s', (text) => {
  expect(found(text).filter((value) => value !== '1234567')).toEqual([]);
});

test('what is the same before each value is no name', () => {
  const text = 'Spare 069 849 34 97\nSpare 852 986 76 64';
  expect(goesOn(text, { start: 6, end: 19 }, text.lastIndexOf('852'))).toBe(false);
});

describe('names that only a model finds', () => {
  const names: Detector = {
    name: 'names',
    kinds: ['PERSON'],
    find: (leaves) =>
      leaves.flatMap(({ text }, leaf) =>
        [...text.matchAll(/anna schmidt|bob miller|carla jones/g)].map(({ 0: name, index: start }) => ({
          ...{ leaf, start, end: start + name.length, kind: 'PERSON' as const },
          ...{ score: 0.9, detector: 'names', view: 'raw' as const },
        })),
      ),
  };
  const hidden = async (text: string): Promise<string> => {
    const { findings } = await createDetect([names])([text]);
    return findings.reduceRight(
      (text, { start, end }) => text.slice(0, start) + MASK + text.slice(end),
      text,
    );
  };

  test.each([
    ['mrns: anna schmidt 1234567, bob miller 2345678 and carla jones 3456789', `mrns: M M, M M and M M`],
    ['mrn 1234567 for anna schmidt and 2345678 for bob miller', 'mrn M for M and M for M'],
    [
      'the mrn of anna schmidt is 1234567, that of bob miller is 2345678',
      'the mrn of M is M, that of M is M',
    ],
    ['phone numbers: anna schmidt 555 0123, bob miller 555 0199', 'phone numbers: M M, M M'],
    ['dates of birth: anna schmidt 12/04/1985, bob miller 03/05/1960', 'dates of birth: M M, M M'],
    ['pins: anna schmidt 4711, bob miller 0815', 'pins: M M, M M'],
  ])('end no list either: %s', async (text, left) => {
    expect(await hidden(text)).toBe(left.replaceAll('M', MASK));
  });

  test('and the guard knows such a list as well', () => {
    const text = `mrns: ${MASK} ${MASK}, ${MASK} 2345678`;
    expect(containsPersonal([text])).toBe(true);
    expect(containsPersonal([text.replace('mrns', 'seats')])).toBe(false);
  });
});

test('a list begins where only values and who has them follow', () => {
  const start = (text: string): number => listStart(text.replaceAll('M', MASK), text.length);
  expect(start('ids: M M, M ')).toBe(5);
  expect(start('ids: M, ')).toBe(5);
  expect(start('id M for M and ')).toBe(3);
  // No list, but a name before its value.
  expect(start('ids: M ')).toBe(7);
  expect(start('ids: M. M, so ')).toBe(14);
  expect(start('')).toBe(0);
});

test('a hostile text costs no more than its length', () => {
  for (const part of [`${MASK}, `, 'Anna ', 'Aa Bb, ', "A'.", '1234567, Aa ', `MRN 1234567, ${MASK} `]) {
    const text = `MRNs: 1234567, ${part.repeat(100_000 / part.length)}1234567`;
    const before = process.cpuUsage();
    findStructured(text, [], true);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(3_000_000);
  }
});
