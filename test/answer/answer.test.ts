import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AskModel, createAnswer, type LocalAnswer, type Passage } from '../../src/answer/answer.ts';
import { createKnowledge, type Knowledge } from '../../src/answer/knowledge.ts';
import type { Embedding, Encoder } from '../../src/engine/encoder.ts';
import type { Answer, Json, JsonObject } from '../../src/shapes.ts';
import { readChatRequest } from '../../src/wire/chat-request.ts';

const DIMENSIONS = 256;

/** A bag of words, hashed: enough of an encoder to tell a few articles apart, and the same on every machine. */
const bagOfWords: Encoder = {
  dimensions: DIMENSIONS,
  revision: '000000000000',
  engine: 'fake',
  embed: async (text, signal) => {
    signal?.throwIfAborted();
    return bag(text);
  },
  embedAll: async (texts) => texts.map(bag),
  close: async () => {},
};

function bag(text: string): Embedding {
  const vector = new Float32Array(DIMENSIONS);
  const words = text.toLowerCase().match(/[a-z]+/g) ?? ['nothing'];
  for (const word of words) {
    let hash = 7;
    for (const char of word) hash = (hash * 31 + char.charCodeAt(0)) % 65_521;
    vector[hash % DIMENSIONS] = (vector[hash % DIMENSIONS] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  return {
    vector: vector.map((value) => value / length),
    tokens: words.length,
    windows: 1,
    truncated: false,
  };
}

const ARTICLES = {
  parrots: [
    'Feeding parrots',
    ['What do parrots eat?', 'parrots eat which seeds', 'feeding parrots seeds'],
    'Parrots eat seeds.',
  ],
  boilers: [
    'Boiler service',
    ['When is the boiler serviced?', 'boiler service date', 'book boiler service'],
    'Boilers are serviced in May.',
  ],
} as const;
let folder: string;
let knowledge: Knowledge;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answer-'));
  for (const [id, [title, questions, text]] of Object.entries(ARTICLES)) {
    const list = questions.map((question) => `  - ${question}`).join('\n');
    await writeFile(
      join(folder, `${id}.md`),
      `---\ntitle: ${title}\nintent: care\napproved_by: Vet\napproved_on: 2026-01-01\nquestions:\n${list}\n---\n${text}\n`,
    );
  }
  knowledge = await createKnowledge({ encoder: bagOfWords, folder });
});
afterAll(() => rm(folder, { recursive: true }));

const inquire = (messages: string | Json, more: JsonObject = {}) =>
  readChatRequest(
    {
      model: 'tiergate-auto',
      messages: typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages,
      ...more,
    },
    { requestId: 'req-1' },
  );
const { signal } = new AbortController();
const stage = (askModel?: AskModel) => createAnswer({ knowledge, encoder: bagOfWords, askModel });

function good(result: LocalAnswer): Answer {
  if (result.kind !== 'good') throw new Error(`insufficient: ${result.reason} ${result.score}`);
  return result.answer;
}

describe('an approved answer', () => {
  test('is a valid completion: the text as written, then its source', async () => {
    const answer = good(await stage()(inquire('What do parrots eat?'), { bar: 0.5, signal }));
    expect(answer).toMatchObject({
      tier: 'local',
      provider: 'knowledge',
      sources: ['parrots'],
      attempts: 0,
      form: 'whole',
    });
    expect(answer.score).toBeGreaterThanOrEqual(0.5);
    expect(answer.form === 'whole' && answer.completion).toEqual({
      id: 'chatcmpl-req-1',
      object: 'chat.completion',
      created: expect.any(Number),
      model: 'tiergate-auto',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Parrots eat seeds.\n\nSource: Feeding parrots',
            refusal: null,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 11, total_tokens: 16 },
    });
  });

  test('streams: role, text, end, and usage if asked for', async () => {
    const inquiry = inquire('What do parrots eat?', {
      stream: true,
      stream_options: { include_usage: true },
    });
    const answer = good(await stage()(inquiry, { bar: 0.5, signal }));
    if (answer.form !== 'stream') throw new Error('not a stream');
    const chunks = (await Array.fromAsync(answer.chunks)) as unknown as {
      choices: { delta: { role?: string; content?: string }; finish_reason: string | null }[];
      usage: JsonObject | null;
    }[];
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      'Parrots eat seeds.\n\nSource: Feeding parrots',
    );
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 11 } });
  });
});

describe('an answer is insufficient', () => {
  test('below the bar', async () => {
    const result = await stage()(inquire('Write a sonnet for my old neighbour'), { bar: 0.5, signal });
    expect(result).toEqual({ kind: 'insufficient', reason: 'below_bar', score: expect.any(Number) });
    expect(result.kind === 'insufficient' && result.score).toBeLessThan(0.5);
  });

  test('when the request needs more than text and no model is there', async () => {
    const inquiry = inquire('What do parrots eat?', { n: 2 });
    expect(await stage()(inquiry, { bar: 0, signal })).toEqual({
      kind: 'insufficient',
      score: 0,
      reason: 'needs_model',
    });
  });

  test('when there is no text, whatever the bar', async () => {
    expect(await stage()(inquire([{ role: 'system', content: 'x' }]), { bar: 0, signal })).toEqual({
      kind: 'insufficient',
      score: 0,
      reason: 'empty',
    });
  });

  test('when a follow-up only looks like a question of its own', async () => {
    const talk = [
      {
        role: 'user',
        content:
          'Our elephant, camel, zebra, giraffe and hippo moved house with twelve huge lorries yesterday',
      },
      { role: 'assistant', content: 'How nice.' },
      { role: 'user', content: 'What do parrots eat?' },
    ];
    const alone = good(await stage()(inquire('What do parrots eat?'), { bar: 0.5, signal }));
    const result = await stage()(inquire(talk), { bar: alone.score ?? 1, signal });
    expect(result).toMatchObject({ kind: 'insufficient', reason: 'below_bar' });
  });
});

describe('with a model', () => {
  const asked: (readonly Passage[])[] = [];
  const askModel: AskModel = async (_, passages) => {
    asked.push(passages);
    return {
      tier: 'local',
      provider: 'ollama',
      model: 'm',
      sources: [],
      attempts: 1,
      form: 'whole',
      completion: {},
    };
  };

  test('an approved answer still goes first', async () => {
    const answer = good(await stage(askModel)(inquire('What do parrots eat?'), { bar: 0.5, signal }));
    expect(answer.provider).toBe('knowledge');
  });

  test('the model gets the passages found, if together they reach the bar', async () => {
    const result = await stage(askModel)(inquire('parrots seeds boiler service'), { bar: 1e-9, signal });
    expect(good(result).sources.length).toBeGreaterThan(0);
    // A bar that no single article reaches, and the two together do.
    const best = knowledge.find(bag('parrots seeds boiler service').vector, 2).map(({ score }) => score);
    const together = 1 - best.reduce((none, score) => none * (1 - score), 1);
    const between = ((best[0] ?? 0) + together) / 2;
    const answer = good(
      await stage(askModel)(inquire('parrots seeds boiler service'), { bar: between, signal }),
    );
    expect(answer).toMatchObject({ provider: 'ollama', score: together, attempts: 1 });
    expect([...answer.sources].sort()).toEqual(['boilers', 'parrots']);
    expect(asked.at(-1)).toContainEqual({ title: 'Feeding parrots', text: 'Parrots eat seeds.' });
  });

  test('the model is not asked when the passages do not reach the bar', async () => {
    const before = asked.length;
    const result = await stage(askModel)(inquire('Write a sonnet for my old neighbour'), {
      bar: 0.99,
      signal,
    });
    expect(result).toMatchObject({ kind: 'insufficient', reason: 'below_bar' });
    expect(asked).toHaveLength(before);
  });

  test('a request that needs more than text goes to the model', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const answer = good(
      await stage(askModel)(inquire('What do parrots eat?', { tools }), { bar: 0.99, signal }),
    );
    expect(answer.provider).toBe('ollama');
    expect(answer.score).toBeUndefined();
  });
});

test('a caller who went away is not answered', async () => {
  const aborted = AbortSignal.abort(new Error('gone'));
  await expect(stage()(inquire('What do parrots eat?'), { bar: 0, signal: aborted })).rejects.toThrow('gone');
});
