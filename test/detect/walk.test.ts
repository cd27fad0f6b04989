import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DEPTH_MAX,
  DOCUMENTS_DEEP_MAX,
  LEAVES_MAX,
  leavesOf,
  TEXT_CHARS_MAX,
} from '../../src/detect/walk.ts';
import { EMBEDDED_JSON, type Json } from '../../src/shapes.ts';
import { parseJson } from '../../src/wire/json.ts';

const texts = (body: Json): string[] => leavesOf(body).map(({ role, text }) => `${role} ${text}`);
const tooMuch = expect.objectContaining({ code: 'detect_too_much' });

test('every key, string and number is a leaf, keys before their values', () => {
  const body = parseJson('{"a":["x",1.5,true,null,12345678901234567890],"__proto__":{"b":"y"}}');
  expect(texts(body)).toEqual([
    'key a',
    'value x',
    'number 1.5',
    'number 12345678901234567890',
    'key __proto__',
    'key b',
    'value y',
  ]);
});

test('every string of any value is in some leaf', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const leaves = leavesOf(value as Json).map(({ text }) => text);
      const strings: string[] = [];
      JSON.stringify(value, (key, member) => {
        strings.push(key, ...(typeof member === 'string' ? [member] : []));
        return member;
      });
      // A string that is a document itself is in its parts.
      for (const text of strings) {
        if (/^\s*[[{"]/.test(text) || /^\d*$/.test(text)) continue;
        expect(leaves).toContain(text);
      }
    }),
  );
});

describe('a document in a string', () => {
  test('is opened, at any depth, and its own text is not read twice', () => {
    const inner = JSON.stringify({ to: 'x@example.org' });
    const body = { arguments: JSON.stringify({ note: inner }) };
    expect(leavesOf(body).map(({ path, text }) => [path, text])).toEqual([
      [['arguments'], 'arguments'],
      [['arguments', EMBEDDED_JSON, 'note'], 'note'],
      [['arguments', EMBEDDED_JSON, 'note', EMBEDDED_JSON, 'to'], 'to'],
      [['arguments', EMBEDDED_JSON, 'note', EMBEDDED_JSON, 'to'], 'x@example.org'],
    ]);
  });

  test('may be a string with escapes', () => {
    expect(texts('"x\\u0040y"')).toEqual(['value x@y']);
  });

  test('that names a member twice stays text, so that neither is missed', () => {
    expect(texts('{"a":"one","a":"two"}')).toEqual(['value {"a":"one","a":"two"}']);
    expect(texts('{"a":{"b":1,"b":2}}')).toHaveLength(1);
    expect(texts('{"a":"b:c","d":":"}')).toHaveLength(4);
  });

  test('that is none stays text', () => {
    expect(texts('[not a document]')).toEqual(['value [not a document]']);
  });
});

test('media in a base64 data URL are not read, anything else in one is', () => {
  expect(texts('data:image/png;base64,iVBORw0KGgo=')).toEqual([]);
  expect(texts('data:text/plain;base64,aGk=')).toHaveLength(1);
  expect(texts('data:image/png;base64,iVBORw0KGgo= jane@example.org')).toHaveLength(1);
});

test('a file or a sound in base64 is not read, by half a kilobyte of it nothing is said', () => {
  const bytes = Buffer.from(Array.from({ length: 1_500 }, (_, i) => (i * i * 31 + i * 7) % 256));
  const base64 = bytes.toString('base64');
  expect(texts(base64)).toEqual([]);
  expect(texts(`data:application/pdf;base64,${base64}`)).toEqual([]);
  expect(texts(base64.slice(0, 512))).toHaveLength(1);
  expect(texts(`${base64} jane@example.org`)).toHaveLength(1);
  expect(texts(`${base64}A`)).toHaveLength(1);
  expect(texts('4111111111111111'.repeat(64))).toHaveLength(1);
});

describe('too much of anything is refused', () => {
  test.each<[string, () => Json]>([
    ['nesting', () => parseJson('['.repeat(DEPTH_MAX + 2) + ']'.repeat(DEPTH_MAX + 2))],
    ['nesting in a string', () => '['.repeat(100_000) + ']'.repeat(100_000)],
    [
      'documents inside documents',
      () => {
        let text = '[1]';
        for (let i = 0; i <= DOCUMENTS_DEEP_MAX; i++) text = JSON.stringify([text]);
        return text;
      },
    ],
    ['pieces of text', () => new Array<number>(LEAVES_MAX + 1).fill(1)],
    ['pieces deep down', () => `${'['.repeat(590)}${'1,'.repeat(450_000)}1${']'.repeat(590)}`],
    ['text', () => ['x'.repeat(TEXT_CHARS_MAX), 'x']],
  ])('%s', (_what, make) => {
    const body = make();
    expect(() => leavesOf(body)).toThrow(tooMuch);
  });
});

test('text in base64 is read, whatever it says it is', () => {
  const base64 = Buffer.from('name,mail\njane,jane@example.org\n'.repeat(60)).toString('base64');
  expect(texts(base64)).toHaveLength(1);
  expect(texts(`data:text/csv;base64,${base64}`)).toHaveLength(1);
  expect(texts(`data:image/svg+xml;base64,${base64}`)).toHaveLength(1);
});
