import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isObject, isRawNumber, parseJson, readJsonBody } from '../../src/wire/json.ts';

const read = (text: string, depthMax = 64) => readJsonBody(Buffer.from(text), depthMax);

describe('parseJson', () => {
  test('gives back what it was given, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });

  test('keeps numbers that a double cannot hold', () => {
    const text =
      '{"seed":12345678901234567890,"big":1e400,"ids":[-9007199254740993],"plain":1.5,"text":"1234567890123456"}';
    const parsed = parseJson(text);
    expect(JSON.stringify(parsed)).toBe(text);
    expect(isObject(parsed) && isRawNumber(parsed.seed)).toBe(true);
    expect(isObject(parsed) && parsed.plain).toBe(1.5);
  });

  test('any integer survives', () => {
    fc.assert(fc.property(fc.bigInt(), (n) => expect(JSON.stringify(parseJson(`[${n}]`))).toBe(`[${n}]`)));
  });

  test('a key named __proto__ is a key like any other', () => {
    const parsed = parseJson('{"__proto__":{"polluted":true},"a":1}');
    expect(JSON.stringify({ ...(parsed as object) })).toBe('{"__proto__":{"polluted":true},"a":1}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('readJsonBody', () => {
  test('refuses broken UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(() => readJsonBody(bytes, 64)).toThrow(expect.objectContaining({ code: 'in_body_not_utf8' }));
  });

  test.each(['', '{', '{"a":}', '[1,]', 'nonsense', '{"a":1}{"b":2}'])('refuses %j', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'in_body_not_json' }));
  });

  test('its error holds nothing of the body', () => {
    try {
      read('{"secret": canary-4711}');
      expect('no error').toBe('an error');
    } catch (error) {
      expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toContain('canary');
    }
  });

  test('refuses what nests too deeply, before anything recurses', () => {
    const deep = (n: number) => '['.repeat(n) + ']'.repeat(n);
    expect(read(deep(8), 8)).toBeDefined();
    expect(() => read(deep(9), 8)).toThrow(expect.objectContaining({ code: 'in_body_too_deep' }));
    expect(() => read(deep(1_000_000), 64)).toThrow(expect.objectContaining({ code: 'in_body_too_deep' }));
    expect(() => read('{"a":'.repeat(100_000), 64)).toThrow(
      expect.objectContaining({ code: 'in_body_too_deep' }),
    );
  });

  test('brackets inside strings do not count', () => {
    const text = JSON.stringify({ a: '[{'.repeat(500), b: '\\"[[[[[[[[[' });
    expect(JSON.stringify(read(text, 2))).toBe(text);
  });
});
