/** Words that say what a number is are no names, and signs around a name are no part of it. */
import { describe, expect, test } from '@jest/globals';
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import { nameOnly } from '../../../src/detect/names/name-only.ts';
import type { EntityKind } from '../../../src/personal-kinds.ts';
import type { Finding } from '../../../src/shapes.ts';

const finding = (text: string, value: string, kind: EntityKind, detector = 'names'): Finding => {
  const start = text.indexOf(value);
  return { leaf: 0, start, end: start + value.length, kind, score: 0.9, detector, view: 'raw' };
};
const left = (text: string, value: string, kind: EntityKind): string | undefined => {
  const name = nameOnly(finding(text, value, kind), text);
  return name && text.slice(name.start, name.end);
};

test.each([
  ['MRN', 'ORGANIZATION'],
  ['NHS', 'ORGANIZATION'],
  ['NHS number', 'ORGANIZATION'],
  ['Medicare', 'ORGANIZATION'],
  ['FedEx', 'ORGANIZATION'],
  ['FedEx', 'PERSON'],
  ['DOB', 'PERSON'],
  ['SSN', 'LOCATION'],
  [', ', 'ADDRESS'],
] as const)('is no name: %s (%s)', (value, kind) => {
  expect(left(`so ${value}: 1234567`, value, kind)).toBeUndefined();
});

test.each([
  ['Born', 'PERSON', 'Born'],
  ['Anna Case', 'PERSON', 'Anna Case'],
  ['NHS Lothian', 'ORGANIZATION', 'NHS Lothian'],
  ['Falcon Widgets', 'ORGANIZATION', 'Falcon Widgets'],
  ['Falcon FedEx', 'ORGANIZATION', 'Falcon'],
  [', Springfield (', 'ADDRESS', 'Springfield'],
  ['), Falcon (UK)', 'ORGANIZATION', 'Falcon (UK)'],
  ['Falcon Inc.', 'ORGANIZATION', 'Falcon Inc.'],
  ['@anna', 'USERNAME', '@anna'],
] as const)('is one: %s (%s)', (value, kind, name) => {
  expect(left(`so ${value} 1234567`, value, kind)).toBe(name);
});

test('values of other kinds, and the organisation’s own, are as they are', () => {
  const text = 'so NHS, 1';
  for (const one of [finding(text, 'NHS', 'ORGANIZATION', 'custom'), finding(text, ', 1', 'US_SSN')])
    expect(nameOnly(one, text)).toBe(one);
});

describe('with a model that takes such words for names', () => {
  const detect = (...wanted: readonly (readonly [value: string, kind: EntityKind])[]) => {
    const names: Detector = {
      name: 'names',
      kinds: ['ORGANIZATION'],
      find: (leaves) =>
        wanted
          .map(([value, kind]) => finding(leaves[0]?.text ?? '', value, kind))
          .filter(({ start }) => start >= 0),
    };
    return async (text: string): Promise<string[]> => {
      const { findings } = await createDetect([names])([text]);
      return findings.map(({ start, end, kind }) => `${kind} ${text.slice(start, end)}`);
    };
  };

  test('a number of something else stays that', async () => {
    const find = detect(['FedEx', 'ORGANIZATION'], ['Memphis', 'LOCATION']);
    expect(await find('FedEx 5224 7028 7121 departed Memphis')).toEqual(['LOCATION Memphis']);
  });

  test('a value in an address keeps its kind, and leaves no sign of its own behind', async () => {
    const address = '12 Main Street, Apt 4, MRN 1234567, Springfield';
    expect(await detect([address, 'ADDRESS'])(`At ${address}.`)).toEqual([
      'ADDRESS 12 Main Street, Apt 4, MRN',
      'MEDICAL_RECORD_NUMBER 1234567',
      'ADDRESS Springfield',
    ]);
  });
});
