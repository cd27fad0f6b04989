import { expect, test } from '@jest/globals';
import { piecesOf, viewsOf } from '../../../src/detect/views/views.ts';

/** What each view looks for, over and over, and never whole. */
const UNITS = [
  ...[
    '1',
    '1 ',
    '1-',
    '1 2-',
    '12 3.',
    '1, 2, ',
    '$1,',
    '1\n',
    'A1 ',
    'A1-',
    'a b ',
    '1 a ',
    'a-b-',
    'l1 ',
    'O0',
    '\u200b1',
  ],
  ...[
    'four ',
    'one-',
    'double ',
    'plus ',
    'dash ',
    'oneone',
    '@',
    'a@',
    ' at ',
    'a at a dot ',
    '[at]',
    '(dot)',
    '[.]',
    ' . ',
  ],
  ...[
    'aATaDOT',
    '_at_',
    '\\',
    '\\n',
    '\\u0041',
    '%41',
    '%',
    '&#65;',
    '&amp;',
    '&',
    '<a ',
    '<b>',
    '<!--',
    '=41',
    '=\n',
  ],
  ...[
    'aB1',
    'aB1/',
    'QUJDREVG\n',
    '6a',
    '6a ',
    '0x6a ',
    '01000001 ',
    'e\u0301',
    '\u0301',
    '1\u0336',
    'аa',
    'аб',
    '４',
    '一',
  ],
  ...['1\ufe0f\u20e3', '🙂', '1🙂', '𝟒', 'ﷺ', '\ufdd0', 'İ', '가'],
];
const CHARS = 20_000;

test.each(UNITS)('the work grows with the length of the text, not faster: %j', (unit) => {
  const msFor = (chars: number): number => {
    const text = unit.repeat(Math.ceil(chars / unit.length));
    const begun = performance.now();
    const view = viewsOf(text, false).at(-1);
    if (view !== undefined) piecesOf(view, []);
    return performance.now() - begun;
  };
  msFor(1_000);
  const once = Math.min(msFor(CHARS), msFor(CHARS));
  const fourfold = Math.min(msFor(4 * CHARS), msFor(4 * CHARS));
  // Quadratic work would be sixteenfold. The constant keeps the noise of short times out.
  expect(fourfold).toBeLessThan(10 * once + 100);
});

test('what is put together is bounded by the text', () => {
  for (const unit of ['AB12 CD34\n', 'l1 ', 'A1-B2 ', '1-2-3 ', '12\n']) {
    const text = unit.repeat(2_000);
    const view = viewsOf(text, false).at(-1);
    // Some stretches can be read in a few ways.
    expect(view === undefined ? 0 : piecesOf(view, []).length).toBeLessThanOrEqual(
      4 * (64 + text.length / 64),
    );
  }
});

test('a view is bounded by its text', () => {
  for (const unit of UNITS) {
    const text = unit.repeat(500);
    for (const view of viewsOf(text, false)) expect(view.text.length).toBeLessThanOrEqual(4 * text.length);
  }
});
