import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { restoreChunks, restoreCompletion } from '../../src/redact/restore.ts';
import { RestoringText, restoredText } from '../../src/redact/restoring-text.ts';
import { Vault } from '../../src/redact/vault.ts';
import type { JsonObject } from '../../src/shapes.ts';

const VALUES: Record<string, string> = {
  '[EMAIL_ADDRESS_7Q2M9XBK]': 'jane@example.org',
  '[EMAIL_ADDRESS_7Q2M9XBK_2]': 'Jane@Example.org',
  '[SECRET_0123ABCD]': 'a"b\\c\nd',
  '[US_SSN_ZZZZZZZZ]': '$& [SECRET_0123ABCD]',
};
const LONGEST = Math.max(...Object.keys(VALUES).map((placeholder) => placeholder.length));
const vault = new Vault();
for (const [placeholder, value] of Object.entries(VALUES)) vault.keep(placeholder, value);

/** Prose made of placeholders, broken placeholders, ones that nobody gave, and text between them. */
const answer = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Object.keys(VALUES)),
      fc.constantFrom(...Object.keys(VALUES)).map((placeholder) => placeholder.toLowerCase()),
      fc.constantFrom(...Object.keys(VALUES)).chain((p) => fc.nat(p.length).map((cut) => p.slice(0, cut))),
      fc.constantFrom('[', ']', '[EMAIL_ADDRESS_00000000]', '[[', ' ', '{', '"', 'Hello ', '. ', 'grün🙂'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
/** Where to cut a text into pieces. */
const cuts = fc.array(fc.nat(400), { maxLength: 60 });

function cut(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  const pieces: string[] = [];
  let read = 0;
  for (const place of [...sorted, text.length]) {
    pieces.push(text.slice(read, place));
    read = place;
  }
  return pieces;
}

async function* stream(chunks: readonly JsonObject[]): AsyncGenerator<JsonObject> {
  for (const chunk of chunks) yield chunk;
}
async function restored(chunks: readonly JsonObject[], from = vault): Promise<JsonObject[]> {
  const result: JsonObject[] = [];
  for await (const chunk of restoreChunks(stream(chunks), from)) result.push(chunk);
  return result;
}
interface Choice {
  index: number;
  delta: Record<string, unknown> & { tool_calls?: { index: number; function: { arguments: string } }[] };
  finish_reason: string | null;
}
const choicesOf = (chunk: JsonObject): Choice[] => chunk.choices as unknown as Choice[];
const piece = (delta: JsonObject, index = 0, finish_reason: string | null = null): JsonObject => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'm',
  choices: [{ index, delta, finish_reason }],
});
const args = (index: number, text: string): JsonObject => ({
  tool_calls: [{ index, function: { arguments: text } }],
});
/** All that a client would have put together for one choice. */
function joined(chunks: readonly JsonObject[], field: string, index = 0): string {
  return chunks
    .flatMap(choicesOf)
    .filter((choice) => choice.index === index)
    .map((choice) => choice.delta[field] ?? '')
    .join('');
}
function joinedArguments(chunks: readonly JsonObject[], index: number): string {
  return chunks
    .flatMap(choicesOf)
    .flatMap((choice) => choice.delta.tool_calls ?? [])
    .filter((call) => call.index === index)
    .map((call) => call.function.arguments)
    .join('');
}

describe('a text that grows', () => {
  test('is restored as the whole would be, however it is cut, and holds back less than a placeholder', () => {
    fc.assert(
      fc.property(
        answer,
        cuts,
        fc.constantFrom('json' as const, 'guess' as const),
        (text, places, notation) => {
          const restoring = new RestoringText(vault, notation);
          let shown = '';
          let came = '';
          for (const part of cut(text, places)) {
            came += part;
            shown += restoring.push(part);
            expect(restoring.held).toBeLessThan(LONGEST);
            // Held back is only what can still become a placeholder of this vault.
            const tail = came.slice(came.length - restoring.held).toUpperCase();
            expect(tail === '' || Object.keys(VALUES).some((p) => p.startsWith(tail))).toBe(true);
          }
          expect(shown + restoring.end()).toBe(restoredText(text, vault, notation));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('brings back every placeholder in either case, once, and no other', () => {
    const text = 'To [email_address_7q2m9xbk], not [EMAIL_ADDRESS_00000000]: [US_SSN_ZZZZZZZZ]';
    expect(restoredText(text, vault, 'guess')).toBe(
      'To jane@example.org, not [EMAIL_ADDRESS_00000000]: $& [SECRET_0123ABCD]',
    );
  });

  test('that is JSON stays JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const own = new Vault();
        own.keep('[SECRET_0123ABCD]', value);
        const text = restoredText('{"a":{"b":"x[SECRET_0123ABCD]y"}}', own, 'guess');
        expect(JSON.parse(text)).toEqual({ a: { b: `x${value}y` } });
        const list = restoredText(' [\n "[SECRET_0123ABCD]"]', own, 'guess');
        expect(JSON.parse(list)).toEqual([value]);
      }),
    );
  });
});

describe('a stream', () => {
  test('restores content, reasoning and several tool calls of several choices, however all are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(answer, answer, answer, answer),
        fc.tuple(cuts, cuts, cuts, cuts),
        async (texts, places) => {
          const pieces = texts.map((text, i) => cut(text, places[i]!));
          const chunks: JsonObject[] = [
            ...pieces[0]!.map((text) => piece({ reasoning_content: text })),
            ...pieces[1]!.map((text) => piece({ content: text })),
            ...pieces[2]!.flatMap((text, i) => [
              piece(args(0, text)),
              ...(pieces[3]![i] === undefined
                ? []
                : [piece(args(1, pieces[3]![i]!)), piece({ content: text }, 1)]),
            ]),
            ...pieces[3]!.slice(pieces[2]!.length).map((text) => piece(args(1, text))),
            piece({}, 0, 'tool_calls'),
            piece({}, 1, 'stop'),
            { id: 'c1', choices: [], usage: { total_tokens: 3 } },
          ];
          const result = await restored(chunks);
          expect(joined(result, 'reasoning_content')).toBe(restoredText(texts[0], vault, 'guess'));
          expect(joined(result, 'content')).toBe(restoredText(texts[1], vault, 'guess'));
          expect(joinedArguments(result, 0)).toBe(restoredText(texts[2], vault, 'json'));
          expect(joinedArguments(result, 1)).toBe(restoredText(texts[3], vault, 'json'));
          expect(result.at(-1)).toBe(chunks.at(-1));
          const ends = result.flatMap(choicesOf).map((choice) => choice.finish_reason);
          expect(ends.filter((end) => end !== null)).toEqual(['tool_calls', 'stop']);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('lets a chunk wait for nothing but the rest of a placeholder', async () => {
    const chunks = ['Dear ', '[EMAIL_', 'ADDRESS_7Q2M9XBK]', ' [note] ', '[EMA', 'IL]'].map((content) =>
      piece({ content }),
    );
    const result = await restored(chunks);
    expect(result.map((chunk) => choicesOf(chunk)[0]!.delta.content)).toEqual([
      'Dear ',
      'jane@example.org',
      ' [note] ',
      '[EMAIL]',
    ]);
    expect(result[0]).toBe(chunks[0]);
  });

  test('passes on the role, the end and the usage of a chunk whose text is held back', async () => {
    const chunks = [
      piece({ role: 'assistant', content: '[EMAIL' }),
      { ...piece({ content: '_ADD' }), usage: { total_tokens: 1 } },
      piece({ content: '' }, 0, 'length'),
    ];
    const result = await restored(chunks);
    expect(result.map((chunk) => choicesOf(chunk)[0]!.delta)).toEqual([
      { role: 'assistant', content: '' },
      {},
      { content: '[EMAIL_ADD' },
      { content: '' },
    ]);
    expect(result[1]!.usage).toEqual({ total_tokens: 1 });
  });

  test('restores the transcript of spoken answers, and lets their sound pass', async () => {
    const chunks = [
      piece({ audio: { id: 'a1', transcript: 'To [EMAIL_' } }),
      piece({ audio: { data: 'AAAA' } }),
      piece({ audio: { transcript: 'ADDRESS_7Q2M9XBK], [EMA' } }),
      piece({}, 0, 'stop'),
    ];
    const result = await restored(chunks);
    const audio = result.flatMap(choicesOf).flatMap(({ delta }) => (delta.audio ?? []) as object);
    expect(audio).toEqual([
      { id: 'a1', transcript: 'To ' },
      { data: 'AAAA' },
      { transcript: 'jane@example.org, ' },
      { transcript: '[EMA' },
    ]);
  });

  test('gives what is left when it breaks off without an end', async () => {
    expect(joined(await restored([piece({ content: 'a [EMAIL' })]), 'content')).toBe('a [EMAIL');
  });

  test('passes through untouched if nothing was replaced', async () => {
    const chunks = [piece({ content: '[EMAIL_' }), piece({ content: 'ADDRESS_7Q2M9XBK]' }), { odd: true }];
    const result = await restored(chunks, new Vault());
    expect(result.every((chunk, i) => chunk === chunks[i])).toBe(true);
  });

  test('ends its source when it is ended early, and passes on what the source throws', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<JsonObject> {
      try {
        yield piece({ content: 'a' });
        yield piece({ content: 'b' });
      } finally {
        ended = true;
      }
    }
    for await (const _chunk of restoreChunks(source(), vault)) break;
    expect(ended).toBe(true);
    const fault = new Error('broken off');
    // biome-ignore lint/correctness/useYield: a source that fails at once yields nothing
    async function* failing(): AsyncGenerator<JsonObject> {
      throw fault;
    }
    await expect(restoreChunks(failing(), vault).next()).rejects.toBe(fault);
  });
});

describe('a whole completion', () => {
  test('is restored in every text of its choices, and its arguments stay JSON', () => {
    const completion: JsonObject = {
      id: '[EMAIL_ADDRESS_7Q2M9XBK]',
      choices: [
        {
          index: 0,
          message: {
            content: 'To [EMAIL_ADDRESS_7Q2M9XBK]',
            reasoning_content: 'the [SECRET_0123ABCD]',
            tool_calls: [{ id: 'x', function: { name: 'f', arguments: '{"p":"[SECRET_0123ABCD]"}' } }],
            annotations: [{ title: '[email_address_7q2m9xbk]' }],
          },
        },
      ],
    };
    const { id, choices } = restoreCompletion(completion, vault);
    const [choice] = choices as unknown as { message: Record<string, unknown> }[];
    const { message } = choice!;
    expect(id).toBe('[EMAIL_ADDRESS_7Q2M9XBK]');
    expect(message.content).toBe('To jane@example.org');
    expect(message.reasoning_content).toBe('the a"b\\c\nd');
    expect(message.annotations).toEqual([{ title: 'jane@example.org' }]);
    const [call] = message.tool_calls as { function: { arguments: string } }[];
    expect(JSON.parse(call!.function.arguments)).toEqual({ p: 'a"b\\c\nd' });
  });

  test('is the same object if nothing was replaced', () => {
    const completion = { choices: [] };
    expect(restoreCompletion(completion, new Vault())).toBe(completion);
  });
});
