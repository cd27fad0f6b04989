import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Vault } from '../../../src/redact/placeholder/vault.ts';
import { restoreChunks, restoreCompletion } from '../../../src/redact/restore/restore.ts';
import { restoredText } from '../../../src/redact/restore/restoring-text.ts';
import type { JsonObject } from '../../../src/shapes.ts';
import { answer, cut, cuts, vault } from '../answers.ts';

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
          expect(joined(result, 'reasoning_content')).toBe(restoredText(texts[0], vault, 'unknown'));
          expect(joined(result, 'content')).toBe(restoredText(texts[1], vault, 'unknown'));
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
    const chunks = ['Dear ', 'EMAIL_', 'ADDRESS_482KQX917', ' [note] ', 'EMA', 'IL.'].map((content) =>
      piece({ content }),
    );
    const result = await restored(chunks);
    expect(result.map((chunk) => choicesOf(chunk)[0]!.delta.content)).toEqual([
      'Dear ',
      'jane@example.org',
      ' [note] ',
      'EMAIL.',
    ]);
    expect(result[0]).toBe(chunks[0]);
  });

  test('passes on the role, the end and the usage of a chunk whose text is held back', async () => {
    const chunks = [
      piece({ role: 'assistant', content: 'EMAIL' }),
      { ...piece({ content: '_ADD' }), usage: { total_tokens: 1 } },
      piece({ content: '' }, 0, 'length'),
    ];
    const result = await restored(chunks);
    expect(result.map((chunk) => choicesOf(chunk)[0]!.delta)).toEqual([
      { role: 'assistant', content: '' },
      {},
      { content: 'EMAIL_ADD' },
      { content: '' },
    ]);
    expect(result[1]!.usage).toEqual({ total_tokens: 1 });
  });

  test('restores the transcript of spoken answers, and lets their sound pass', async () => {
    const chunks = [
      piece({ audio: { id: 'a1', transcript: 'To EMAIL_' } }),
      piece({ audio: { data: 'AAAA' } }),
      piece({ audio: { transcript: 'ADDRESS_482KQX917, EMA' } }),
      piece({}, 0, 'stop'),
    ];
    const result = await restored(chunks);
    const audio = result.flatMap(choicesOf).flatMap(({ delta }) => (delta.audio ?? []) as object);
    expect(audio).toEqual([
      { id: 'a1', transcript: 'To ' },
      { data: 'AAAA' },
      { transcript: 'jane@example.org, ' },
      { transcript: 'EMA' },
    ]);
  });

  test('restores reasoning and content that come in parts, each by its index or place', async () => {
    const thought = (index: number, text: string) => ({ type: 'reasoning.text', index, text });
    const chunks = [
      piece({ reasoning_details: [thought(0, 'of EMAIL_'), thought(1, 'PERSON_731')] }),
      piece({ reasoning_details: [thought(1, 'CDF204'), thought(0, 'ADDRESS_482KQX917, EMA')] }),
      piece({ content: [{ type: 'text', text: 'To PERSON_731CDF' }] }),
      piece({ content: [{ type: 'text', text: '204 EMAIL' }] }),
      piece({}, 0, 'stop'),
    ];
    const deltas = (await restored(chunks)).flatMap(choicesOf).map(({ delta }) => delta);
    const thoughts = deltas.flatMap(
      ({ reasoning_details: parts }) => (parts ?? []) as ReturnType<typeof thought>[],
    );
    const ofIndex = (index: number) => thoughts.filter((one) => one.index === index).map(({ text }) => text);
    expect(ofIndex(0).join('')).toBe('of jane@example.org, EMA');
    expect(ofIndex(1).join('')).toBe('Dr. Anna van Dijk');
    const parts = deltas.flatMap(({ content }) => (content ?? []) as { type: string; text: string }[]);
    expect(parts.map(({ text }) => text).join('')).toBe('To Dr. Anna van Dijk EMAIL');
    expect(new Set(parts.map(({ type }) => type))).toEqual(new Set(['text']));
  });

  test('moves the offsets of annotations to where the text is now', async () => {
    const cites = (start_index: number, end_index: number) => [
      { type: 'url_citation', url_citation: { start_index, end_index, title: 'EMAIL_ADDRESS_482KQX917' } },
    ];
    const chunks = [
      piece({ content: '🙂 EMAIL_ADDRESS_482' }),
      piece({ content: 'KQX917 said so' }),
      piece({ annotations: cites(2, 25) }),
      piece({ annotations: cites(26, 30) }, 0, 'stop'),
    ];
    const result = (await restored(chunks)).flatMap(choicesOf);
    const places = result.flatMap(({ delta }) => (delta.annotations ?? []) as ReturnType<typeof cites>);
    const text = [...joined(await restored(chunks), 'content')];
    const cited = places.map(({ url_citation: { start_index, end_index } }) =>
      text.slice(start_index, end_index).join(''),
    );
    expect(cited).toEqual(['jane@example.org', 'said']);
    expect(places[0]!.url_citation.title).toBe('jane@example.org');
  });

  test('gives what is left when it breaks off without an end', async () => {
    expect(joined(await restored([piece({ content: 'a EMAIL' })]), 'content')).toBe('a EMAIL');
  });

  test('passes through untouched if nothing was replaced', async () => {
    const chunks = [piece({ content: 'EMAIL_' }), piece({ content: 'ADDRESS_482KQX917' }), { odd: true }];
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
  test('is restored in every text of its choices, and its arguments stay JSON', async () => {
    const completion: JsonObject = {
      id: 'EMAIL_ADDRESS_482KQX917',
      choices: [
        {
          index: 0,
          message: {
            content: 'To EMAIL_ADDRESS_482KQX917',
            reasoning_content: 'the SECRET_000BBB000',
            tool_calls: [{ id: 'x', function: { name: 'f', arguments: '{"p":"SECRET_000BBB000"}' } }],
            annotations: [{ title: 'email_address_482kqx917' }],
          },
        },
      ],
    };
    const { id, choices } = await restoreCompletion(completion, vault);
    const [choice] = choices as unknown as { message: Record<string, unknown> }[];
    const { message } = choice!;
    expect(id).toBe('EMAIL_ADDRESS_482KQX917');
    expect(message.content).toBe('To jane@example.org');
    expect(message.reasoning_content).toBe('the a"b\\c\nd');
    expect(message.annotations).toEqual([{ title: 'jane@example.org' }]);
    const [call] = message.tool_calls as { function: { arguments: string } }[];
    expect(JSON.parse(call!.function.arguments)).toEqual({ p: 'a"b\\c\nd' });
  });

  test('has the offsets of its annotations moved, and keeps what holds no words', async () => {
    const message = {
      content: 'See EMAIL_ADDRESS_482KQX917: yes',
      annotations: [{ url_citation: { start_index: 29, end_index: 32 } }, { file_citation: { index: 29 } }],
      audio: { id: 'EMAIL_ADDRESS_482KQX917', data: 'EMAIL_ADDRESS_482KQX917', transcript: '482KQX917' },
      images: [{ url: 'data:image/png;base64,EMAIL_ADDRESS_482KQX917' }],
    };
    const logprobs = { content: [{ token: 'EMAIL_ADDRESS_482KQX917' }] };
    const { choices } = await restoreCompletion({ choices: [{ index: 0, message, logprobs }] }, vault);
    expect(choices).toEqual([
      {
        index: 0,
        message: {
          ...message,
          content: 'See jane@example.org: yes',
          annotations: [
            { url_citation: { start_index: 22, end_index: 25 } },
            { file_citation: { index: 29 } },
          ],
          audio: { ...message.audio, transcript: 'jane@example.org' },
        },
        logprobs,
      },
    ]);
  });

  test('is the same object if nothing was replaced', async () => {
    const completion = { choices: [] };
    expect(await restoreCompletion(completion, new Vault())).toBe(completion);
  });
});
