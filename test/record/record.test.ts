import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { TiergateError } from '../../src/errors.ts';
import { createLog } from '../../src/record/log.ts';
import { createRecorder, type Finished } from '../../src/record/record.ts';
import type { Trace } from '../../src/record/trace.ts';
import type { JourneyRecord } from '../../src/shapes.ts';
import { journeyRecord } from './journey-record.ts';

function recorder(beforeAppend: () => void = () => undefined) {
  const appended: JourneyRecord[] = [];
  const ended: unknown[] = [];
  let text = '';
  const to = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  const record = createRecorder({
    decisions: {
      append(one) {
        beforeAppend();
        appended.push(one);
      },
    },
    log: createLog({ level: 'debug', to }),
  });
  const trace = { end: (...how: unknown[]) => void ended.push(how) } as unknown as Trace;
  return {
    appended,
    ended,
    finish: (finished: Omit<Finished, 'trace'>) => record({ ...finished, trace }),
    lines: () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

test('a finished request is in the decision log, its trace, and a line at debug', () => {
  const { finish, appended, ended, lines } = recorder();
  const record = journeyRecord({});
  finish({ record, redactions: { EMAIL_ADDRESS: 2 } });
  expect(appended).toEqual([record]);
  expect(ended).toEqual([[record, { EMAIL_ADDRESS: 2 }]]);
  expect(lines()).toEqual([
    {
      at: expect.any(String),
      level: 'debug',
      event: 'request_finished',
      requestId: 'r',
      traceId: record.traceId,
      keyId: 'key-1',
      revision: 'abcdef012345',
      status: 200,
      attempt: 1,
      durationMs: 122,
    },
  ]);
});

test('a record that cannot be added is told of, and the request is closed all the same', () => {
  const { finish, ended, lines } = recorder(() => {
    throw new Error('canary-4711');
  });
  const record = journeyRecord({});
  expect(() => finish({ record })).not.toThrow();
  expect(ended).toEqual([[record, undefined]]);
  expect(lines()).toMatchObject([
    { level: 'error', event: 'decision_log_lost', requestId: 'r', count: 1, code: 'record_unavailable' },
    { level: 'debug', event: 'request_finished' },
  ]);
  expect(JSON.stringify(lines())).not.toContain('canary');
});

test.each([
  ['redact_failed', 'error'],
  ['escalate_timeout', 'warn'],
  ['decide_refused', 'info'],
  ['in_body_not_json', 'debug'],
] as const)('%s is written at %s, with the code and whose fault it is', (code, level) => {
  const { finish, lines } = recorder();
  const error = new TiergateError(code, { cause: new Error('canary-4711') });
  finish({ record: journeyRecord({ error: code, status: error.row.status, end: 'error' }), error });
  expect(lines()).toMatchObject([{ level, event: 'request_failed', code, blame: error.row.blame }]);
  expect(JSON.stringify(lines())).not.toContain('canary');
});
