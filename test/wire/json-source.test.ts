import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf } from '../../src/detect/walk.ts';
import { EMBEDDED_JSON, type Json, type Step } from '../../src/shapes.ts';
import { findInSource } from '../../src/wire/json-source.ts';

/** What stands in the source between two offsets of the piece at `path`. */
function shown(
  source: string,
  path: readonly Step[],
  [start, end]: readonly [number, number],
  role: 'key' | 'value',
) {
  const [place] = findInSource(source, [{ path, role }]);
  return place === undefined ? undefined : source.slice(place(start), place(end));
}

test('finds what is in a string, a key, a number and a list, spaces and escapes as they are written', () => {
  const source =
    '\u00a0{ "a\\n1" : [ "x", {"b": "A\\u0042\\"C\\\\D\\ud83d\\ude00E"} ],\n "n": 1.50, "o": true }\n';
  const at: Step[] = ['a\n1', 1, 'b'];
  expect(shown(source, at, [0, 4], 'value')).toBe('A\\u0042\\"C');
  expect(shown(source, at, [5, 9], 'value')).toBe('D\\ud83d\\ude00E');
  expect(shown(source, at, [1, 2], 'value')).toBe('\\u0042');
  expect(shown(source, ['a\n1'], [1, 3], 'key')).toBe('\\n1');
  expect(shown(source, ['n'], [0, 3], 'value')).toBe('1.50');
  expect(shown(source, ['n', 'none'], [0, 1], 'value')).toBeUndefined();
});

test('enters documents in strings in documents', () => {
  const inner = JSON.stringify({ mail: 'é"ann@example.com' }, null, 1);
  const source = JSON.stringify([`  ${inner}`]);
  const path: Step[] = [0, EMBEDDED_JSON, 'mail'];
  expect(shown(source, path, [2, 17], 'value')).toBe('ann@example.com');
  expect(shown(source, path, [1, 2], 'value')).toBe('\\\\\\"');
});

/** JSON values whose strings are sometimes documents themselves. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(null, true, 'a"b', 'line\nend'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('json'), { maxKeys: 4, noNullPrototype: true }),
    tie('json').map((value) => JSON.stringify(value, null, 1)),
  ),
}));

test('every piece that is searched is found, and what stands there is what it says', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const document = JSON.parse(JSON.stringify(value)) as Json;
      const source = JSON.stringify(document, null, indent);
      const leaves = leavesOf(document);
      const places = findInSource(source, leaves);
      leaves.forEach(({ path, role, text }, i) => {
        const place = places[i];
        expect(place).toBeDefined();
        if (place === undefined) return;
        const written = source.slice(place(0), place(text.length));
        const depth = path.filter((step) => step === EMBEDDED_JSON).length;
        if (role === 'number') expect(Number(written)).toBe(Number(text));
        else expect(unescaped(written, depth + 1)).toBe(text);
      });
    }),
    { numRuns: 300 },
  );
});

function unescaped(written: string, times: number): string {
  let text = written;
  for (let i = 0; i < times; i++) text = JSON.parse(`"${text}"`) as string;
  return text;
}
