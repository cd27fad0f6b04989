import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { run } from '../../src/cli/redact.ts';
import { Explanations } from '../../src/cli/redact-explain.ts';
import { redactLines } from '../../src/cli/redact-lines.ts';
import { PIECE_CHARS_MAX, piecesOf, redactPlain } from '../../src/cli/redact-plain.ts';
import { createRedactText, type RedactText, UnreadableInput } from '../../src/cli/redact-text.ts';
import { createDetect } from '../../src/detect/detect.ts';
import { EVERYTHING } from '../../src/policy/personal-rules.ts';

const redactText = createRedactText(createDetect(), { rules: EVERYTHING, tenant: 't', secret: 's' });
const mail = 'ann@example.com';
let hidden: string;
beforeEach(async () => {
  hidden = (await redactText(mail)).text;
});

async function* bytes(...pieces: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece as string);
}
async function* strings(...pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

describe('JSON Lines', () => {
  async function answers(from: AsyncIterable<Uint8Array>, redact: RedactText = redactText) {
    const to = new PassThrough();
    const complaints: string[] = [];
    const written = buffer(to);
    const complain = (sentence: string): void => void complaints.push(sentence);
    const exit = await redactLines({ name: 'in', from }, to, { redactText: redact, complain }).finally(() =>
      to.end(),
    );
    const lines = (await written).toString().split('\n').slice(0, -1);
    return { exit, complaints, rows: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
  }

  test('a line for each, in order, with spans in the text as it came, and nothing else of the line', async () => {
    const { exit, rows } = await answers(bytes(`{"id":7,"text":"é ${mail}"}\n\n{"text":"no`, 'thing"}'));
    expect(exit).toBe(0);
    const span = { start: 2, end: 17, type: 'EMAIL_ADDRESS', score: 1, detector: 'email', view: 'raw' };
    expect(rows).toEqual([
      { text: `é ${hidden}`, spans: [span] },
      { text: 'nothing', spans: [] },
    ]);
  });

  test('the same value has the same placeholder on every line, and what one line says of it is not sought in others', async () => {
    const { rows } = await answers(
      bytes('{"text":"MRN 4471239"}\n{"text":"4471239"}\n{"text":"MRN 4471239"}'),
    );
    expect(rows[0]).toEqual(rows[2]);
    expect(rows[0]?.text).toContain('MEDICAL_RECORD_NUMBER');
    expect(rows[1]).toEqual({ text: '4471239', spans: [] });
  });

  test('in a text that is JSON, spans are places in what was written', async () => {
    const text = `{ "to": "\\u0061nn@example.com", "n": [1] }`;
    const { rows } = await answers(bytes(JSON.stringify({ text })));
    const [row] = rows as [{ text: string; spans: [{ start: number; end: number }] }];
    const [{ start, end }] = row.spans;
    expect(text.slice(start, end)).toBe('\\u0061nn@example.com');
    expect(JSON.parse(row.text)).toEqual({ to: hidden, n: [1] });
  });

  test('a line that cannot be read is told with its number and keeps its place', async () => {
    const input = bytes(
      `{"text": "my mail ${mail}\n`,
      '[]\n{"text":1}\n',
      new Uint8Array([0xff, 0x0a]),
      '{"text":"a"}',
    );
    const { exit, rows, complaints } = await answers(input);
    expect(exit).toBe(3);
    expect(rows.map(({ error, text }) => error ?? text)).toEqual([
      'in:1: this is not valid JSON in UTF-8, at most 64 levels deep.',
      'in:2: this is not a JSON object.',
      'in:3: there is no "text", or it is not a string.',
      'in:4: this is not valid JSON in UTF-8, at most 64 levels deep.',
      'a',
    ]);
    expect(complaints).toEqual(rows.slice(0, 4).map(({ error }) => error));
    expect(complaints.join()).not.toContain('example');
  });

  test('a text that is too long to be searched is a bad line', async () => {
    const { exit, rows } = await answers(bytes(`{"text":"${'x '.repeat(1_100_000)}"}\n{"text":"a"}`));
    expect(exit).toBe(3);
    expect(rows[0]?.error).toMatch(/^in:1: The request holds more text than can be searched/);
    expect(rows[1]?.text).toBe('a');
  });

  test('a search that fails ends it, with the place: no line passes unsearched', async () => {
    const failing: RedactText = async (text) => {
      if (text === 'b') throw new Error('broken');
      return { text, findings: [] };
    };
    await expect(answers(bytes('{"text":"a"}\n{"text":"b"}\n{"text":"c"}'), failing)).rejects.toThrow(
      'in:2: broken',
    );
  });

  test('an endless input is read no faster than it is answered', async () => {
    let read = 0;
    let answered = 0;
    let ahead = 0;
    async function* input(): AsyncGenerator<Uint8Array> {
      for (; read < 2_000; read++) {
        ahead = Math.max(ahead, read - answered);
        yield Buffer.from(`{"text":"${read}"}\n`);
      }
    }
    const slow: RedactText = async (text) => {
      await new Promise((resolve) => setImmediate(resolve));
      answered++;
      return { text, findings: [] };
    };
    const { rows } = await answers(input(), slow);
    expect(rows.map(({ text }) => text)).toEqual(Array.from({ length: 2_000 }, (_, i) => String(i)));
    expect(ahead).toBeLessThanOrEqual(8);
  });
});

describe('plain text', () => {
  async function redacted(
    from: AsyncIterable<Uint8Array>,
    { explain = false, terminal = false, isTyped = false } = {},
  ) {
    const to = Object.assign(new PassThrough(), { isTTY: terminal });
    const complaints: string[] = [];
    const complain = (sentence: string): void => void complaints.push(sentence);
    const explanations = explain ? new Explanations() : null;
    const written = buffer(to);
    const exit = await redactPlain({ name: 'in', from, isTyped }, to, {
      redactText,
      complain,
      explanations,
    }).finally(() => to.end());
    return { exit, complaints, text: (await written).toString(), summary: explanations?.summary() };
  }

  test('comes back as it was, but for what was found', async () => {
    const text = `\ufeff  ${mail}\r\n\r\n\tGrüße 😀\r\n`;
    const raw = Buffer.from(text);
    // Cut within a character.
    expect(await redacted(bytes(raw.subarray(0, -5), raw.subarray(-5)))).toMatchObject({
      exit: 0,
      text: text.replace(mail, hidden),
    });
    expect((await redacted(bytes('a\n\n'))).text).toBe('a\n\n');
    expect((await redacted(bytes(''))).text).toBe('');
  });

  test('is explained: the place, a caret line, kind, detector, score, view and placeholder', async () => {
    const { text, summary } = await redacted(bytes(`Hello\n\tmail ${mail} now\nand ${mail}`), {
      explain: true,
    });
    expect(text).toBe(
      [
        `Hello\n\tmail ${hidden} now\nand ${hidden}`,
        '',
        `in:2:7: EMAIL_ADDRESS becomes ${hidden}`,
        `  2 | \tmail ${mail} now`,
        '    | \t     ^^^^^^^^^^^^^^^',
        '  found by email in the raw text, score 1.00',
        '',
        `in:3:5: EMAIL_ADDRESS becomes ${hidden}`,
        `  3 | and ${mail}`,
        '    |     ^^^^^^^^^^^^^^^',
        '  found by email in the raw text, score 1.00',
        '',
        '',
      ].join('\n'),
    );
    expect(summary).toBe('2 found: 2 EMAIL_ADDRESS.\n');
    expect((await redacted(bytes('Hello\n'), { explain: true })).summary).toBe('Nothing was found.\n');
  });

  test('a terminal is not steered by the text', async () => {
    expect((await redacted(bytes(`\u001b[2J\u009b ${mail}\n`), { terminal: true })).text).toContain('�[2J� ');
  });

  test('what is typed is answered line by line, each on its own', async () => {
    const { text } = await redacted(bytes('MRN 4471239\n4471239\n'), { isTyped: true });
    expect(text).toMatch(/^MRN \S*MEDICAL_RECORD_NUMBER\S*\n4471239\n$/);
  });

  test('what is no UTF-8 is told, and nothing of it is guessed', async () => {
    const failing = redacted(bytes(Buffer.from('Gr\xfc\xdfe', 'latin1')));
    await expect(failing).rejects.toThrow(UnreadableInput);
  });
});

describe('pieces of a long text', () => {
  const collected = async (text: string, isTyped = false) => {
    const pieces: { text: string; line: number }[] = [];
    const chunks = text.match(/.{1,100000}/gs) ?? [];
    for await (const piece of piecesOf(strings(...chunks), isTyped)) pieces.push(piece);
    return pieces;
  };

  test('are the whole text, in order, none too long, with the lines they begin with', async () => {
    const line = fc.oneof(
      fc.integer({ min: 0, max: PIECE_CHARS_MAX }).map((length) => 'x'.repeat(length)),
      fc.constantFrom('', 'a b', '😀'.repeat(PIECE_CHARS_MAX / 2 + 1), 'word '.repeat(60_000)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
        const text = lines.join('\n');
        const pieces = await collected(text);
        expect(pieces.map((piece) => piece.text).join('') === text).toBe(true);
        let before = '';
        for (const piece of pieces) {
          expect(piece.text.length).toBeLessThanOrEqual(PIECE_CHARS_MAX);
          expect(piece.text.isWellFormed()).toBe(true);
          expect(piece.line).toBe(before.split('\n').length);
          before += piece.text;
        }
      }),
      { numRuns: 20 },
    );
  });

  test('end after a paragraph rather than a line, after a line rather than a word', async () => {
    const half = 'x'.repeat(PIECE_CHARS_MAX / 2);
    const endOf = async (text: string) => (await collected(text))[0]?.text.slice(half.length);
    expect(await endOf(`${half}a\n\nb\nc d${half}`)).toBe('a\n\n');
    expect(await endOf(`${half}b\nc d${half}`)).toBe('b\n');
    expect(await endOf(`${half}c d${half}`)).toBe('c ');
  });
});

describe('the tool', () => {
  let folder: string;
  let printed: string;
  let told: string;
  const { write } = process.stdout;
  const { write: writeError } = process.stderr;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tiergate-redact-'));
    printed = '';
    told = '';
    process.stdout.write = (text: string | Uint8Array) => {
      printed += text;
      return true;
    };
    process.stderr.write = (text: string | Uint8Array) => {
      told += text;
      return true;
    };
  });
  afterEach(() => {
    process.stdout.write = write;
    process.stderr.write = writeError;
    process.stdout.removeAllListeners('error');
    rmSync(folder, { recursive: true });
  });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('reads files one after the other; one that cannot be read is told, the others are redacted', async () => {
    const [one, two] = [file('one', `1 ${mail}\n`), file('two', `2 ${mail}\n`)];
    expect(await run([one, join(folder, 'none'), two])).toBe(3);
    expect(printed).toMatch(/^1 (\S*EMAIL_ADDRESS\S*)\n2 \1\n$/);
    expect(told).toBe(`${join(folder, 'none')} cannot be read (ENOENT).\n`);
  });

  test('without a secret, placeholders of two runs cannot be linked', async () => {
    const one = file('one', mail);
    await run([one]);
    const before = printed;
    printed = '';
    await run([one]);
    expect(printed).not.toBe(before);
    expect(printed).toContain('EMAIL_ADDRESS');
  });

  test('prints JSON Lines', async () => {
    expect(await run(['--format', 'json', file('one', `{"text":"${mail}"}\n`)])).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ spans: [{ start: 0, end: 15, type: 'EMAIL_ADDRESS' }] });
  });

  test.each([
    [['--format', 'xml'], /--format must be json or human; not xml/],
    [['--wrong'], /Unknown option/],
    [['--policy', '/no/such.yaml'], /The policy \/no\/such\.yaml cannot be read \(ENOENT\)/],
  ])('%j is refused before anything is read', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });

  test('a policy that is not valid is told as `policy check` tells it', async () => {
    await expect(run(['--policy', file('p.yaml', 'rules: 1\n')])).rejects.toThrow(/p\.yaml:1:/);
  });
});
