/** Values that are always hidden are found as a reader would find them, and not inside of other words. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Denied } from '../../../src/policy/personal/denied.ts';

const denied = new Denied(
  ['Project Falcon', 'Müller & Söhne', 'AC-7', '张伟', '김철수', 'İstanbul'].map((value) => ({
    value,
    kind: 'CUSTOM_X',
  })),
);
const found = (text: string): string[] => denied.find(text).map(({ start, end }) => text.slice(start, end));

describe('a denied value', () => {
  test.each([
    ['PROJECT falcon', ['PROJECT falcon']],
    ['project\nfalcon’s end', ['project\nfalcon']],
    ['(Project\u00a0Falcon)', ['Project\u00a0Falcon']],
    ['Project  \n\tFalcon', ['Project  \n\tFalcon']],
    ['project_falcon.md', ['project_falcon']],
    ['PROJECT-FALCON-2', ['PROJECT-FALCON']],
    ['Project – Falcon', ['Project – Falcon']],
    ['the.project.falcon', ['project.falcon']],
    ['MÜLLER & SÖHNE', ['MÜLLER & SÖHNE']],
    ['İ at ac-7, then', ['ac-7']],
    ['in İstanbul', ['İstanbul']],
    ['我是张伟先生', ['张伟']],
    ['김철수가 왔다', ['김철수']],
  ])('is found in %j', (text, values) => {
    expect(found(text)).toEqual(values);
  });
  test.each(['Project Falcons', 'aProject Falcon', 'AC-77', 'MAC-7', 'Projectfalcon'])(
    'is no part of %j',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );
});

test('wherever it stands, it is found at its place', () => {
  const separator = fc.constantFrom(' ', '\n', '. ', ', "', ' İİ ', '😀', '(');
  fc.assert(
    fc.property(fc.string(), separator, (before, between) => {
      const text = `${before}${between}Project Falcon`;
      expect(denied.find(text).at(-1)).toMatchObject({ start: text.length - 14, end: text.length });
    }),
  );
});

test('of two rows for one value the later stands', () => {
  const rows = [
    { value: 'Falcon', kind: 'CUSTOM_X' },
    { value: 'FALCON', kind: 'CUSTOM_Y' },
  ] as const;
  expect(new Denied(rows).find('falcon')).toEqual([{ start: 0, end: 6, kind: 'CUSTOM_Y', score: 1 }]);
});
