import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import type { EntityKind } from '../../../src/personal-kinds.ts';
import { EVERYTHING } from '../../../src/policy/personal-rules.ts';
import type { Detection } from '../../../src/shapes.ts';
import { ANY, NUMBERS } from '../views/obfuscations.ts';

const said = ({ leaves, findings }: Detection): string[] =>
  findings.map(({ leaf, start, end, kind }) => `${kind} ${leaves[leaf]!.text.slice(start, end)}`);

describe('what one text tells is found in every other', () => {
  const detect = createDetect();

  test.each([
    ['MRN 12345678', 'about 1234-5678!', 'MEDICAL_RECORD_NUMBER 1234-5678'],
    ['MRN 12345678', 'about 1 2 3 4 5 6 7 8!', 'MEDICAL_RECORD_NUMBER 1 2 3 4 5 6 7 8'],
    ['MRN AB-1234-567', 'and ab1234567', 'MEDICAL_RECORD_NUMBER ab1234567'],
    ['jane.doe@example.org', 'JANE.DOE@EXAMPLE.ORG', 'EMAIL_ADDRESS JANE.DOE@EXAMPLE.ORG'],
  ])('however it is written there: %s, %s', async (first, second, finding) => {
    expect(said(await detect([first, second]))[1]).toBe(finding);
  });

  test('in any way of hiding it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(NUMBERS), ...Object.values(ANY)),
        fc.constantFrom('12345678', '90817263'),
        async (hide, value) => {
          const hidden = hide(value);
          expect(said(await detect([`MRN ${value}`, `see ${hidden} there`]))).toContain(
            `MEDICAL_RECORD_NUMBER ${hidden}`,
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each([
    ['inside of a longer number', 'MRN 1234567', 'order 91234567'],
    ['parted by a sentence', 'MRN 12345678', '1234 were sold in the year that had 5678 of them'],
  ])('not %s', async (_what, first, second) => {
    expect(said(await detect([first, second]))).toHaveLength(1);
  });
});

describe('a name that a model found', () => {
  const names = (
    ...wanted: readonly (readonly [text: string, kind: EntityKind, score?: number])[]
  ): Detector => ({
    name: 'names',
    kinds: ['PERSON', 'ORGANIZATION'],
    // In the first text alone.
    find: ([first]) =>
      wanted.map(([text, kind, score = 0.95]) => {
        const start = first!.text.indexOf(text);
        return { leaf: 0, start, end: start + text.length, kind, score, detector: 'names', view: 'raw' };
      }),
  });
  const detected = async (detector: Detector, ...texts: readonly string[]): Promise<string[]> =>
    said(await createDetect([detector])(texts)).slice(1);

  test.each([
    ['whole, in any capitals', 'Jane Doering', 'ask jane doering', ['PERSON jane doering']],
    ['by its first name', 'Jane Doering', 'Jane said so', ['PERSON Jane']],
    ['by its last name', 'Jane Doering', 'Ms Doering’s car', ['PERSON Doering']],
    ['of one word', 'Okonkwo', 'dear Okonkwo!', ['PERSON Okonkwo']],
    ['in a script without capitals', '王小明', '請問王小明在嗎', ['PERSON 王小明']],
    ['with look-alike letters', 'Jane Doering', 'J\u0430ne D\u043eering', ['PERSON J\u0430ne D\u043eering']],
    [
      'with a letter that has a small form of its own',
      'Ahmet Yılmaz',
      'AHMET, Ahmet Yılmaz',
      ['PERSON AHMET', 'PERSON Ahmet Yılmaz'],
    ],
    ['beside letters whose small form is longer', 'Jane Doering', 'İ: jane doering', ['PERSON jane doering']],
    ['going on in the next line', 'Jane Doering', 'jane\ndoering', ['PERSON jane\ndoering']],
    ['in a URL', 'Jane Doering', '?q=jane+doering&x', ['PERSON jane+doering']],
    ['in the name of a file', 'Jane Doering', 'cv_jane_doering.pdf', ['PERSON jane_doering']],
    ['not as part of a word', 'Jane Doering', 'Janet, doering', []],
    ['not as a word', 'Will Rose', 'Will you? The Rose is red, and will rose', []],
    ['but whole, if it is made of words', 'Will Rose', 'ask Will Rose', ['PERSON Will Rose']],
  ])('is found elsewhere: %s', async (_what, name, text, findings) => {
    expect(await detected(names([name, 'PERSON']), `I am ${name}`, text)).toEqual(findings);
  });

  test('is not if the model was not sure', async () => {
    expect(await detected(names(['Jane Doering', 'PERSON', 0.6]), 'Jane Doering', 'Jane Doering')).toEqual(
      [],
    );
  });

  test('of an organisation is found whole alone', async () => {
    const texts = ['at Falcon Widgets', 'Falcon Widgets is it', 'a Falcon'];
    expect(await detected(names(['Falcon Widgets', 'ORGANIZATION']), ...texts)).toEqual([
      'ORGANIZATION Falcon Widgets',
    ]);
  });
});

describe('a value of an earlier request', () => {
  const detect = createDetect();
  const known = [{ value: '12345678', kind: 'MEDICAL_RECORD_NUMBER', score: 0.85 }] as const;
  const text = 'still about 1234-5678';

  test('is found where nothing else tells it', async () => {
    expect(said(await detect([text]))).toEqual([]);
    expect(said(await detect([text], undefined, undefined, known))).toEqual([
      'MEDICAL_RECORD_NUMBER 1234-5678',
    ]);
  });

  test('counts by the rules, as it did there', async () => {
    const rules = { ...EVERYTHING, counts: () => false };
    expect(said(await detect([text], rules, undefined, known))).toEqual([]);
  });
});
