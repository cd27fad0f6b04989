import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { classifyLines, run } from '../../src/cli/classify.ts';
import type { Classification } from '../../src/shapes.ts';

/** Labels that tell which text they are of. */
const labelsOf = (text: string): Classification => ({
  status: 'classified',
  intent: `about ${text}`,
  confidence: 0.123456789,
  inScope: 1,
  urgency: 'low',
  urgencyConfidence: 0.5,
  difficulty: 0.25,
  injection: 0.125,
  language: 'en',
  tokens: 1,
  windows: 1,
  truncated: false,
});
const LABELS = {
  confidence: 0.123457,
  in_scope: 1,
  urgency: 'low',
  urgency_confidence: 0.5,
  difficulty: 0.25,
  injection: 0.125,
};

async function answers(
  input: AsyncIterable<Uint8Array>,
  onBatch: (texts: readonly string[]) => void = () => {},
) {
  const to = new PassThrough();
  const complaints: string[] = [];
  const written = textOf(to);
  const exit = await classifyLines(input, to, {
    classifyAll: async (texts) => {
      onBatch(texts);
      return texts.map((text) =>
        text === '' ? { status: 'unclassified', reason: 'empty' } : labelsOf(text),
      );
    },
    write: (row) => JSON.stringify(row),
    complain: (sentence) => complaints.push(sentence),
  });
  to.end();
  const lines = (await written).split('\n').slice(0, -1);
  return { exit, complaints, rows: lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
}

async function* bytes(...pieces: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

test('gives a line for each, in order, with the fields it came with but for the text', async () => {
  const { exit, rows, complaints } = await answers(
    bytes(
      '{"id":7,"text":"a","intent":"theirs","error":"theirs"}\n\n{"te',
      'xt":"b"}\r\n{"text":"","id":null}',
    ),
  );
  expect(exit).toBe(0);
  expect(complaints).toEqual([]);
  expect(rows).toEqual([
    expect.objectContaining({ id: 7, intent: 'about a', ...LABELS, language: 'en' }),
    expect.objectContaining({ intent: 'about b', ...LABELS }),
    {
      id: null,
      intent: null,
      confidence: 0,
      in_scope: 0,
      urgency: null,
      urgency_confidence: 0,
      difficulty: null,
      injection: null,
      language: 'und',
    },
  ]);
  expect(rows.some((row) => 'text' in row || 'error' in row)).toBe(false);
});

test('a field that a double cannot hold leaves as it came', async () => {
  const { lines } = await answers(bytes('{"id":12345678901234567890,"text":"a"}'));
  expect(lines[0]).toMatch(/^\{"id":12345678901234567890,"intent"/);
});

test('a line that cannot be read is told and keeps its place; the others are answered', async () => {
  const secret = '{"text": "my password is';
  const { exit, rows, complaints } = await answers(
    bytes(
      '{"text":"a"}\n',
      `${secret}\n`,
      '[]\n{"id":4}\n{"text":"b"}\n',
      `{"text":"${'x'.repeat(5_000_000)}"}\n`,
      '{"text":"c"}',
    ),
  );
  expect(exit).toBe(3);
  expect(rows.map(({ intent, error }) => intent ?? error)).toEqual([
    'about a',
    'line 2: this is not valid JSON in UTF-8, at most 64 levels deep.',
    'line 3: this is not a JSON object.',
    'line 4: there is no "text", or it is not a string.',
    'about b',
    'line 6: longer than 4194304 bytes.',
    'about c',
  ]);
  expect(rows[3]).toMatchObject({ id: 4 });
  expect(complaints.map((each) => each.slice(0, 6))).toEqual(['line 2', 'line 3', 'line 4', 'line 6']);
  expect(complaints.join()).not.toContain('password');
});

test('a line that is nested beyond measure harms no other', async () => {
  const deep = `{"text":"a","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const { exit, rows } = await answers(bytes(`${deep}\n{"text":"b"}`));
  expect(exit).toBe(3);
  expect(rows.map(({ intent }) => intent)).toEqual([undefined, 'about b']);
});

test('invalid UTF-8 is told, not guessed at', async () => {
  async function* input(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"text":"Gr\xfc\xdfe"}', 'latin1');
  }
  expect((await answers(input())).exit).toBe(3);
});

test('an endless input is read no faster than it is answered', async () => {
  let read = 0;
  let ahead = 0;
  let answered = 0;
  async function* input(): AsyncGenerator<Uint8Array> {
    for (; read < 5_000; read += 1) {
      ahead = Math.max(ahead, read - answered);
      yield Buffer.from(`{"text":"${read}"}\n`);
    }
  }
  const { rows } = await answers(input(), (texts) => {
    answered += texts.length;
    expect(texts.length).toBeLessThanOrEqual(256);
  });
  expect(rows).toHaveLength(5_000);
  expect(rows.at(-1)?.intent).toBe('about 4999');
  expect(ahead).toBeLessThanOrEqual(256);
});

test('an encoder that fails ends it', async () => {
  const input = bytes('{"text":"a"}\n'.repeat(1_000));
  const failing = answers(input, () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
});

describe('what cannot be done is said before anything is read', () => {
  test.each([
    [['--format', 'xml'], /--format must be json or human/],
    [['--labels', '/no/such/folder'], /There is no such file/],
    [['--wrong'], /Unknown option/],
  ])('%j', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});
