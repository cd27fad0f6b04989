import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findStructured } from '../../../src/detect/structured.ts';
import { AnswerCheck } from '../../../src/redact/answer-check/answer-check.ts';
import { MaskedText, STREAM } from '../../../src/redact/answer-check/checked-text.ts';
import { Vault } from '../../../src/redact/placeholder/vault.ts';
import type { Json, JsonObject } from '../../../src/shapes.ts';
import { TurnCounter } from '../../turn-counter.ts';
import { cut, cuts, vault } from '../answers.ts';
import { sentence, VALUES } from '../planted.ts';

const find = (text: string) => findStructured(text, [], true);
const none = new Vault();
const checked = (answers: 'report' | 'mask', own = none) => new AnswerCheck(find, own, answers);
const saying = (content: string, more: JsonObject = {}): JsonObject => ({
  id: 'jane@example.org',
  choices: [{ index: 0, message: { content, ...more } }],
});
const messageOf = (completion: JsonObject) =>
  (completion.choices as unknown as { message: JsonObject }[])[0]!.message;

async function* stream(pieces: readonly string[]): AsyncGenerator<JsonObject> {
  for (const content of pieces)
    yield { id: 'c', choices: [{ index: 0, delta: { content }, finish_reason: null }] };
  yield { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
}
async function streamed(
  check: AnswerCheck,
  pieces: readonly string[],
): Promise<{ text: string; chunks: JsonObject[] }> {
  const chunks: JsonObject[] = [];
  for await (const chunk of check.chunks(stream(pieces))) chunks.push(chunk);
  const deltas = chunks.flatMap((chunk) => chunk.choices as readonly Json[]) as {
    delta: { content?: string };
  }[];
  return { text: deltas.map(({ delta }) => delta.content ?? '').join(''), chunks };
}

describe('a whole answer', () => {
  const text = 'Write to jim@example.com or EMAIL_ADDRESS_482KQX917, born on 1 May 1980.';

  test('is counted by kind and left as it is', async () => {
    const check = checked('report', vault);
    const completion = saying(text);
    expect(await check.completion(completion)).toEqual(completion);
    expect(check.counts).toEqual({ EMAIL_ADDRESS: 1, DATE_OF_BIRTH: 1 });
  });

  test('is masked by policy, in its calls and annotations too, and its placeholders stay', async () => {
    const check = checked('mask', vault);
    const call = {
      id: 'call-4111111111111111',
      function: { arguments: '{"to":"jim@example.com","card":4111111111111111}' },
    };
    const annotations = [{ url_citation: { start_index: 29, end_index: 32, title: 'jim@example.com' } }];
    const message = messageOf(await check.completion(saying(text, { tool_calls: [call], annotations })));
    expect(message).toEqual({
      content: 'Write to [EMAIL_ADDRESS] or EMAIL_ADDRESS_482KQX917, born on [DATE_OF_BIRTH].',
      tool_calls: [{ ...call, function: { arguments: '{"to":"[EMAIL_ADDRESS]","card":"[CREDIT_CARD]"}' } }],
      annotations: [{ url_citation: { start_index: 29, end_index: 32, title: '[EMAIL_ADDRESS]' } }],
    });
    expect(check.counts).toEqual({ EMAIL_ADDRESS: 3, DATE_OF_BIRTH: 1, CREDIT_CARD: 1 });
  });

  test('holds none of the request’s own values, however its placeholders are written', async () => {
    const check = checked('mask', vault);
    const own = 'Passport PERSON_731CDF204, passport no. 731cdf204, SSN: US SSN 999-ZZZ-999';
    expect(messageOf(await check.completion(saying(own))).content).toBe(own);
    expect(check.counts).toEqual({});
  });

  test('that cannot be searched is none', async () => {
    const failing = new AnswerCheck(
      () => {
        throw new Error('broken');
      },
      none,
      'report',
    );
    await expect(failing.completion(saying('x'))).rejects.toEqual(
      expect.objectContaining({ code: 'restore_failed' }),
    );
  });

  test('as long as a book is searched in pieces, with others between, and nothing is lost at their edges', async () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n'.repeat(120)}-----END PRIVATE KEY-----`;
    const values = ['jim@example.com', '4111 1111 1111 1111', 'born on 1 May 1980', key];
    const words = 'All of it was sent on Monday, as agreed. ';
    // Wherever a piece may end, a value lies across it.
    const long = Array.from({ length: 40 }, (_, i) => words.repeat(i % 19) + values[i % 4]).join(' . ');
    const masks = ['[EMAIL_ADDRESS]', '[CREDIT_CARD]', 'born on [DATE_OF_BIRTH]', '[SECRET]'];
    const masked = Array.from({ length: 40 }, (_, i) => words.repeat(i % 19) + masks[i % 4]).join(' . ');
    for (const answers of ['report', 'mask'] as const) {
      const longest = { chars: 0 };
      const searching = (text: string) => {
        longest.chars = Math.max(longest.chars, text.length);
        return find(text);
      };
      const check = new AnswerCheck(searching, none, answers);
      const message = messageOf(await check.completion(saying(long)));
      expect(message.content).toBe(answers === 'mask' ? masked : long);
      expect(check.counts).toEqual({ EMAIL_ADDRESS: 10, CREDIT_CARD: 10, DATE_OF_BIRTH: 10, SECRET: 10 });
      expect(longest.chars).toBeLessThan(long.length / 2);
    }
  });
});

describe('a stream', () => {
  test('that is only counted passes as it comes', async () => {
    const check = checked('report');
    const long = 'word '.repeat(1_500);
    const { chunks } = await streamed(check, [
      'Write to jim@exam',
      'ple.com',
      long,
      ' or 4111 1111',
      ' 1111 1111',
    ]);
    expect(chunks).toHaveLength(6);
    expect(check.counts).toEqual({ EMAIL_ADDRESS: 1, CREDIT_CARD: 1 });
  });

  test.each(['report', 'mask'] as const)(
    'as one chunk as long as a book, takes turns with others: %s',
    async (answers) => {
      const long = 'Write to jim@example.com or call, as agreed on Monday. '.repeat(8_000);
      const longest = { chars: 0 };
      const searching = (text: string) => {
        longest.chars = Math.max(longest.chars, text.length);
        return find(text);
      };
      const others = new TurnCounter();
      const check = new AnswerCheck(searching, none, answers);
      const { text } = await streamed(check, [long]);
      others.stop();
      expect(text).toBe(answers === 'mask' ? long.replaceAll('jim@example.com', '[EMAIL_ADDRESS]') : long);
      expect(check.counts).toEqual({ EMAIL_ADDRESS: 8_000 });
      expect(longest.chars).toBeLessThan(20_000);
      expect(others.turns).toBeGreaterThan(5);
    },
  );

  test('shows nothing of any value, however it is cut', async () => {
    const values = VALUES.filter((value) => value.length < STREAM.heldCharsMax / 4);
    await fc.assert(
      fc.asyncProperty(
        sentence,
        fc.constantFrom(...values),
        sentence,
        cuts,
        async (before, value, after, places) => {
          const check = checked('mask');
          const { text } = await streamed(check, cut(`${before} ${value} ${after}`, places));
          for (const planted of values) expect(text).not.toContain(planted);
          expect(Object.keys(check.counts).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('loses nothing else, and holds back no more than a window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('7 ', 'a', ' ', 'b@', '12', 'ü🙂', '\n')),
        cuts,
        (parts, places) => {
          const text = parts.join('').repeat(3);
          const masked = new MaskedText(
            { find: () => [], vault: none, onFound: () => undefined },
            STREAM,
            'unknown',
          );
          let shown = '';
          for (const piece of cut(text, places)) {
            shown += masked.push(piece);
            expect(masked.held).toBeLessThanOrEqual(STREAM.heldCharsMax);
          }
          expect(shown + masked.end()).toBe(text);
        },
      ),
    );
  });

  test('lets words pass when the next has begun', async () => {
    const { chunks } = await streamed(checked('mask'), ['Dear', ' reader', ', all is', ' well.']);
    const deltas = chunks.flatMap((chunk) => chunk.choices as unknown as { delta: JsonObject }[]);
    expect(deltas.map(({ delta }) => delta.content)).toEqual([
      'Dear ',
      'reader, all ',
      'is ',
      'well.',
      undefined,
    ]);
  });
});
