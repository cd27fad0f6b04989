import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rawView, type View, ViewWriter } from '../../../src/detect/views/view.ts';
import { viewsOf } from '../../../src/detect/views/views.ts';

/** What is done to each character of a source, in order. */
const changes = fc.array(
  fc.record({
    char: fc.constantFrom('a', '4', ' ', 'é', '☎'),
    does: fc.constantFrom('keep', 'put', 'widen', 'drop', 'attach' as const),
  }),
  { maxLength: 16 },
);

interface Written {
  readonly view: View;
  /** For each character of the view, the span of the source that it stands for. */
  readonly spans: readonly (readonly [number, number])[];
}

function written(source: string, does: readonly string[]): Written {
  const writer = new ViewWriter(rawView(source));
  const spans: [number, number][] = [];
  does.forEach((what, i) => {
    if (what === 'keep') spans.push([i, i + 1]);
    else if (what === 'attach') {
      writer.attach(i, i + 1);
      const last = spans.at(-1);
      if (last !== undefined) {
        const [start] = last;
        for (let at = spans.length - 1; at >= 0 && spans[at]![0] === start; at--) spans[at] = [start, i + 1];
      }
    } else {
      const text = { put: 'x', widen: 'yz', drop: '' }[what] ?? '';
      writer.put(i, i + 1, text);
      for (const _ of text) spans.push([i, i + 1]);
    }
  });
  return { view: writer.view('folded'), spans };
}

test('each character of a view knows the source that it stands for', () => {
  fc.assert(
    fc.property(changes, (steps) => {
      const source = steps.map(({ char }) => char).join('');
      const { view, spans } = written(
        source,
        steps.map(({ does }) => does),
      );
      expect(view.text).toHaveLength(spans.length);
      for (let start = 0; start < spans.length; start++) {
        for (let end = start + 1; end <= spans.length; end++) {
          expect(view.raw(start, end)).toEqual([spans[start]![0], spans[end - 1]![1]]);
        }
      }
    }),
  );
});

test('a view that changes nothing is its source', () => {
  const source = rawView('4111 1111');
  const writer = new ViewWriter(source);
  writer.keep(4);
  expect(writer.view('folded')).toBe(source);
});

test('whatever the text, every place in every view is a place in the text, in order', () => {
  const pieces = fc.constantFrom(
    ...[
      '\\u0034',
      '%34',
      '&#52;',
      '=34=31',
      'four',
      ' at ',
      '[dot]',
      '\u200b',
      '４',
      '4\ufe0f\u20e3',
      'а',
      'a',
    ],
    ...[
      'NDExMTExMTExMTExMTEx',
      '34313131313131313131',
      '\u0301',
      '𝟒',
      '🙂',
      ' ',
      '-',
      '4',
      '@',
      '.',
      '\ufdd0',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(pieces, fc.string({ maxLength: 3, unit: 'binary' })), { maxLength: 12 }),
      (parts) => {
        const text = parts.join('');
        for (const { text: read, raw } of viewsOf(text, false)) {
          let before = 0;
          for (let at = 0; at < read.length; at++) {
            const [start, end] = raw(at, at + 1);
            expect(start).toBeGreaterThanOrEqual(before);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(text.length);
            before = start;
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});
