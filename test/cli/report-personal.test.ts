import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../../src/cli/report-personal.ts';
import { openDecisionLog } from '../../src/record/decision-log.ts';
import type { Facts } from '../../src/shapes.ts';
import { journeyRecord } from '../record/journey-record.ts';

let data: string;
let printed = '';
const { write } = process.stdout;
const before = process.env.TIERGATE_DATA;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'tiergate-report-'));
  const log = await openDecisionLog({ folder: join(data, 'decisions'), bytesMax: 100_000 });
  const facts = journeyRecord({}).facts as Facts;
  const personal = { EMAIL_ADDRESS: 12, URL: 1 };
  log.append(journeyRecord({ at: '2026-11-16T10:00:00.000Z', facts: { ...facts, personal }, redacted: 1 }));
  const answerPersonal = { URL: 2 };
  log.append(journeyRecord({ at: '2026-11-17T10:00:00.000Z', error: 'escalate_blocked', answerPersonal }));
  await log.close();
  process.env.TIERGATE_DATA = data;
  printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
});
afterEach(() => {
  process.stdout.write = write;
  if (before === undefined) delete process.env.TIERGATE_DATA;
  else process.env.TIERGATE_DATA = before;
  rmSync(data, { recursive: true });
});

test('prints a table a day', async () => {
  expect(await run([])).toBe(0);
  expect(printed).toBe(
    [
      '2026-11-16 (UTC): 1 request, 1 with personal data; 13 values found, 1 replaced before leaving.',
      '  kind           values  requests',
      '  EMAIL_ADDRESS      12         1',
      '  URL                 1         1',
      '',
      '2026-11-17 (UTC): 1 request, 1 with personal data; 2 values found, 2 replaced before leaving.',
      '  The last check kept 1 request from leaving: faults to report.',
      '  kind           values  requests',
      '  EMAIL_ADDRESS       2         1',
      '  Cloud models themselves brought back:',
      '  kind  values  requests',
      '  URL        2         1',
      '',
    ].join('\n'),
  );
});

test('prints a line of JSON a day', async () => {
  expect(await run([join(data, 'decisions'), '--day', '2026-11-16', '--format', 'json'])).toBe(0);
  expect(printed.split('\n')).toHaveLength(2);
  expect(JSON.parse(printed)).toEqual({
    day: '2026-11-16',
    requests: 1,
    personal_requests: 1,
    values: 13,
    replaced: 1,
    blocked: 0,
    kinds: { EMAIL_ADDRESS: { values: 12, requests: 1 }, URL: { values: 1, requests: 1 } },
    brought_back: {},
  });
});

test.each([
  [['--day', 'today'], /--day must be a day of the calendar, such as 2026-11-20; not today/],
  [['--day', '2026-02-30'], /--day must be a day/],
  [['--format', 'xml'], /--format must be json or human; not xml/],
  [['a', 'b'], /One folder at a time/],
  [['--wrong'], /Unknown option/],
  [['/no/such/folder'], /There is no decision log in \/no\/such\/folder/],
])('%j is refused', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});
