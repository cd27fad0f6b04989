import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { TiergateError } from '../../src/errors.ts';
import { createLog, errorFields, LOG_EVENTS, type LogLevel } from '../../src/record/log.ts';

/** A stream that keeps what is written; `hang` makes it take nothing until `release`. */
function sink(hang = false) {
  let text = '';
  let release = (): void => {};
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      text += chunk;
      if (hang) release = done;
      else done();
    },
  });
  const unhang = (): void => {
    hang = false;
    release();
  };
  return {
    stream,
    unhang,
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

test.each<[LogLevel, string[]]>([
  ['error', ['error']],
  ['info', ['error', 'warn', 'info']],
  ['debug', ['error', 'warn', 'info', 'debug']],
])('level %s writes one JSON line for each event of %j', (level, expected) => {
  const { stream, lines } = sink();
  const log = createLog({ level, to: stream });
  for (const one of ['error', 'warn', 'info', 'debug'] as const) log.write(one, 'started', { port: 8080 });
  expect(lines().map((line) => line.level)).toEqual(expected);
  expect(lines()[0]).toEqual({
    at: expect.stringMatching(/Z$/),
    level: 'error',
    event: 'started',
    port: 8080,
  });
});

test('a reader that hangs costs bounded memory, and the lines dropped are counted', async () => {
  const { stream, unhang, lines } = sink(true);
  const log = createLog({ level: 'info', to: stream });
  for (let i = 0; i < 30_000; i++) log.write('info', 'started', { port: i });
  expect(stream.writableLength).toBeLessThan(1_200_000);
  unhang();
  await new Promise((resolve) => setTimeout(resolve, 50));
  log.write('info', 'stopped');
  const dropped = lines().find((line) => line.event === 'log_dropped');
  expect(dropped.count + lines().filter((line) => line.event === 'started').length).toBe(30_000);
  expect(lines().at(-1).event).toBe('stopped');
});

describe('what is said of an error', () => {
  test('is code, blame, system code and place, and none of its words', () => {
    const inner = Object.assign(new Error('canary-4711\n    at /canary-4711/src/x.ts:1:1'), {
      code: 'ENOSPC',
    });
    const error = new TiergateError('handoff_failed', { cause: new Error('canary-4711', { cause: inner }) });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ code: 'handoff_failed', blame: 'gateway', errno: 'ENOSPC' });
    expect(JSON.stringify(fields)).not.toContain('canary');
  });

  test('names our own file and line where something unexpected was thrown', () => {
    let thrown: unknown;
    try {
      // A real bug, thrown from within src: a queue-less error table lookup.
      new TiergateError('no_such_code' as never);
    } catch (error) {
      thrown = error;
    }
    const { where } = errorFields(new TiergateError('respond_failed', { cause: thrown }));
    expect(where?.[0]).toMatch(/^src\/errors\.ts:\d+:\d+$/);
  });

  test('leaves out codes that are words of somebody else’s', () => {
    const cause = Object.assign(new Error('x'), { code: 'canary-4711 is my password' });
    expect(errorFields(new TiergateError('respond_failed', { cause }))).not.toHaveProperty('errno');
  });

  test('says nothing of a stack whose message was changed afterwards', () => {
    const cause = new Error('first\n    at f (/a/src/canary.ts:1:1)');
    cause.message = 'second';
    expect(JSON.stringify(errorFields(new TiergateError('respond_failed', { cause })))).not.toContain(
      'canary',
    );
  });
});

test('docs/observability.md explains every event', () => {
  const docs = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  expect(LOG_EVENTS.filter((event) => !docs.includes(`\`${event}\``))).toEqual([]);
});
