import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WRITTEN_CHARS_MAX } from '../../../src/redact/placeholder/reading.ts';
import { RestoringText, restoredText } from '../../../src/redact/restore/restoring-text.ts';
import { answer, CASES, cut, cuts, ENTRIES, PLACEHOLDERS, SEPARATORS, vault, vaultOf } from '../answers.ts';

const restored = (text: string): string => restoredText(text, vault, 'prose');

describe('a text that grows', () => {
  test('is restored as the whole would be, however it is cut', () => {
    fc.assert(
      fc.property(
        answer,
        cuts,
        fc.constantFrom('json' as const, 'unknown' as const),
        (text, places, notation) => {
          const restoring = new RestoringText(vault, notation);
          let shown = '';
          for (const part of cut(text, places)) {
            shown += restoring.push(part);
            expect(restoring.held).toBeLessThan(WRITTEN_CHARS_MAX);
          }
          expect(shown + restoring.end()).toBe(restoredText(text, vault, notation));
        },
      ),
      { numRuns: 250 },
    );
  });

  test('shows a value with the last character of its placeholder, and words that begin none at once', () => {
    const restoring = new RestoringText(vault, 'prose');
    expect(restoring.push('su')).toBe('su');
    expect(restoring.push('person')).toBe('person');
    const pieces = ['Dear ', 'EMAIL', '_ADD', 'RESS_482', 'KQX917', ', see', ' note', ' 7.', ' per', 'haps'];
    expect(pieces.map((piece) => restoring.push(piece))).toEqual([
      ...['Dear ', '', '', '', 'jane@example.org', ', see', ' note', ' 7.', ' ', 'perhaps'],
    ]);
  });
});

describe('a placeholder', () => {
  test('comes back exactly from whatever it stood in, and nothing around it changes', () => {
    const around = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc
        .array(
          fc.constantFrom(
            ...PLACEHOLDERS,
            'EMAIL',
            'PERSON_FIRST',
            'US',
            '_',
            '2_',
            '[',
            '\\',
            '1',
            'a',
            'Z',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(around, fc.constantFrom(...PLACEHOLDERS), around, (before, placeholder, after) => {
        const expected = restored(before) + ENTRIES[placeholder]!.value + restored(after);
        expect(restored(before + placeholder + after)).toBe(expected);
      }),
      { numRuns: 250 },
    );
  });

  test.each(SEPARATORS.map((separator) => [separator]))(
    'is known with %j for its `_`, in any case',
    (separator) => {
      for (const [placeholder, { value }] of Object.entries(ENTRIES)) {
        for (const inCase of CASES) {
          const written = inCase(placeholder).replaceAll('_', separator);
          expect(restored(`To ${written}, then`)).toBe(`To ${value}, then`);
        }
      }
    },
  );

  test.each([
    ['**EMAIL_ADDRESS_482KQX917**', '**jane@example.org**'],
    ['`EMAIL_ADDRESS_482KQX917`', '`jane@example.org`'],
    [
      '[EMAIL_ADDRESS_482KQX917](mailto:EMAIL_ADDRESS_482KQX917)',
      '[jane@example.org](mailto:jane@example.org)',
    ],
    ['<EMAIL_ADDRESS_482KQX917>', '<jane@example.org>'],
    ['"EMAIL_ADDRESS_482KQX917"?', '"jane@example.org"?'],
    ['EMAIL_ADDRESS_482KQX917.', 'jane@example.org.'],
    ['PERSON_731CDF204’s and PERSON_731CDF204s', 'Dr. Anna van Dijk’s and Dr. Anna van Dijks'],
    ['Person 731cdf204', 'Dr. Anna van Dijk'],
    ['the e-mail 482KQX917', 'the e-mail jane@example.org'],
    ['482-KQX-917', 'jane@example.org'],
    ['482KQ\nX917', 'jane@example.org'],
    ['PERSON_731CDF204PERSON_731CDF204', 'Dr. Anna van DijkDr. Anna van Dijk'],
    ['https://x.example/?q=EMAIL_ADDRESS_482KQX917&a=1', 'https://x.example/?q=jane@example.org&a=1'],
    ['EMAIL_ADDRESS_7_482KQX917', 'jane@example.org'],
    ['EMAIL_ADDRESS_70_482KQX917', 'EMAIL_ADDRESS_70_jane@example.org'],
    ['PERSON_FIRST_2_731CDF204', 'Anna'],
    ['To PERSON_FIRST_731CDF204:', 'To Anna:'],
    ['Person first name 731CDF204', 'Anna'],
    ['PERSON_LAST_NAME_731CDF204', 'van Dijk'],
    ['PERSON_INITIALS_731CDF204', 'A.D.'],
  ])('as a model writes it: %s', (written, expected) => {
    expect(restored(written)).toBe(expected);
  });

  test.each([
    ['EMAIL_ADDRESS_482KQX918'],
    ['EMAIL_ADDRESS_482KQ'],
    ['[EMAIL_ADDRESS]'],
    ['EMAIL_ADDRESS'],
    ['PERSON_FIRST'],
    ['482 917'],
  ])('that was never given stays: %s', (text) => {
    expect(restored(text)).toBe(text);
  });

  test('brings back its value once: a value may look like a placeholder', () => {
    expect(restored('US_SSN_999ZZZ999 SECRET_000BBB000')).toBe('$& SECRET_000BBB000 a"b\\c\nd');
  });
});

describe('a value in JSON', () => {
  const secret = 'SECRET_000BBB000';
  const nested = (value: unknown, levels: number): unknown =>
    levels === 0 ? value : nested(JSON.parse((value as { a: string }).a), levels - 1);

  test('is escaped as often as its place asks for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(4), (value, levels) => {
        const own = vaultOf({ kind: 'SECRET', part: '', id: '000BBB000', value });
        let text = JSON.stringify({ b: [`x${secret}y`] });
        for (let i = 0; i < levels; i++) text = JSON.stringify({ a: text });
        for (const notation of ['json', 'unknown'] as const) {
          const whole = JSON.parse(restoredText(text, own, notation));
          expect(nested(whole, levels)).toEqual({ b: [`x${value}y`] });
        }
        const fenced = restoredText(`Here:\n\n\`\`\`json\n${text}\n\`\`\`\n${secret}`, own, 'unknown');
        const inside = fenced.slice('Here:\n\n```json\n'.length, fenced.lastIndexOf('\n```\n'));
        expect(nested(JSON.parse(inside), levels)).toEqual({ b: [`x${value}y`] });
        expect(fenced.endsWith(`\n\`\`\`\n${value}`)).toBe(true);
      }),
    );
  });

  test.each([
    [`[\n "${secret}"]`, '[\n "a\\"b\\\\c\\nd"]'],
    [`{"a":"he said \\"${secret}\\""}`, '{"a":"he said \\"a\\"b\\\\c\\nd\\""}'],
    [`{"a":${secret}}`, '{"a":"a\\"b\\\\c\\nd"}'],
    [`{${secret}}`, '{a"b\\c\nd}'],
    [`[${secret}]`, '[a"b\\c\nd]'],
    [`[[${secret}]]`, '[[a"b\\c\nd]]'],
    [`\`\`\`\n${secret}\n\`\`\`\n`, '```\na"b\\c\nd\n```\n'],
    [`\`\`\`\n{"a":"${secret}"}\n\`\`\`\n${secret}`, '```\n{"a":"a\\"b\\\\c\\nd"}\n```\na"b\\c\nd'],
  ])('and only there: %s', (text, expected) => {
    expect(restoredText(text, vault, 'unknown')).toBe(expected);
  });

  test('stands for a number where a number stood', () => {
    const own = vaultOf({ kind: 'US_SSN', part: '', id: '999ZZZ999', value: '536904399' });
    expect(restoredText('{"ssn":US_SSN_999ZZZ999}', own, 'json')).toBe('{"ssn":536904399}');
  });
});

test.each([
  ['digits', '1'],
  ['digits apart', '1 '],
  ['separators', '\\_'],
  ['references that do not end', '&#95'],
  ['kinds', 'EMAIL_ADDRESS_'],
  ['placeholders', 'EMAIL_ADDRESS_2_482KQX917'],
  ['an identity with gaps', `4${' '.repeat(15)}8${' '.repeat(15)}2`],
  ['documents in documents', '{"a":"'],
  ['fences', '```json\n'],
])('hostile text takes time in proportion to its length: %s', (_what, unit) => {
  const text = unit.repeat(200_000 / unit.length);
  const start = performance.now();
  const restoring = new RestoringText(vault, 'unknown');
  for (let at = 0; at < text.length; at += 50) restoring.push(text.slice(at, at + 50));
  restoredText(text, vault, 'unknown');
  // A tenth of a second here; a search that looks back over all that came would take minutes.
  expect(performance.now() - start).toBeLessThan(8_000);
});
