/** Bodies of any form with personal values planted anywhere in them: what the property tests of detect and redact share. */
import fc from 'fast-check';
import type { Inquiry, Json, JsonObject } from '../../src/shapes.ts';

/** Values of many kinds, each found by itself, without a word beside it. */
export const VALUES = [
  'jane.doe@example.org',
  '4111 1111 1111 1111',
  '4111111111111111',
  'DE89 3704 0044 0532 0130 00',
  '+49 30 901820',
  '(212) 555-0123',
  '536-90-4399',
  '12345678Z',
  'RSSMRA85T10A562S',
  '44051401359',
  'S1234567D',
  '203.0.113.77',
  '2001:db8::8a2e:370:7334',
  '00:1A:2B:3C:4D:5E',
  'https://anna:s3cret@files.example.org/x',
  'sk-abcdEFGH1234abcdEFGH1234',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  '-----BEGIN PRIVATE KEY-----\nMIIB"x\\y"==\n-----END PRIVATE KEY-----',
] as const;

const word = fc.constantFrom(
  '',
  'hello',
  'garden',
  'please {',
  '"quoted"',
  'grün',
  '注文',
  '\\',
  '\n',
  '[',
  ']',
  '[X]',
  '🙂',
);
const planted = fc.constantFrom(...VALUES);

/** A sentence, perhaps with values in it. */
export const sentence: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 1, arbitrary: planted }), { maxLength: 6 })
  .map((words) => words.join(' '));

const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'note', 'text', '__proto__', 'constructor', 'toString', '0') },
  { weight: 1, arbitrary: planted },
);

/** Objects are made from entries, as the parser makes them, so that `__proto__` is a member like any other. */
const objectOf = (member: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .array(fc.tuple(key, member), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as JsonObject);

/** Any JSON value, with values planted in strings, keys, numbers, and documents in strings, to any depth. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    sentence,
    fc.constantFrom<Json>(4111111111111111, 44051401359, 7, 0.25, null, true),
    fc.array(tie('node'), { maxLength: 4 }),
    objectOf(tie('node')),
    tie('node').map((inner) => JSON.stringify(inner)),
  ),
})).node;

export const anyBody: fc.Arbitrary<JsonObject> = fc
  .tuple(anyJson, anyJson, sentence)
  .map(([metadata, content, text]) => ({
    model: 'tiergate-auto',
    messages: [
      { role: 'system', content: text },
      { role: 'user', content },
    ],
    metadata,
  }));

export function inquiryOf(body: JsonObject, more: Partial<Inquiry> = {}): Inquiry {
  return {
    requestId: 'request',
    model: 'tiergate-auto',
    stream: false,
    body,
    text: '',
    features: [],
    promptTokens: 0,
    conversation: 'conversation',
    ...more,
  };
}
