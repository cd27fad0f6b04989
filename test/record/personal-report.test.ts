import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KindCounts } from '../../src/personal-kinds.ts';
import { openDecisionLog } from '../../src/record/decision-log.ts';
import { reportPersonal } from '../../src/record/personal-report.ts';
import type { Facts, JourneyRecord } from '../../src/shapes.ts';
import { journeyRecord } from './journey-record.ts';

const facts = journeyRecord({}).facts as Facts;
const recordOf = (at: string, personal: KindCounts, more: Partial<JourneyRecord> = {}): JourneyRecord =>
  journeyRecord({ at, facts: { ...facts, personal }, redacted: 0, ...more });

let folder: string;
async function log(...records: JourneyRecord[]): Promise<void> {
  const writer = await openDecisionLog({ folder, bytesMax: 2_000 });
  for (const record of records) writer.append(record);
  await writer.close();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-personal-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MONDAY = '2026-11-16T23:59:59.999Z';
const TUESDAY = '2026-11-17T00:00:00.000Z';

test('counts kinds by day, over files, the most frequent first', async () => {
  await log(
    recordOf(TUESDAY, { URL: 1, EMAIL_ADDRESS: 2 }, { redacted: 3, answerPersonal: { IP_ADDRESS: 4 } }),
    recordOf(MONDAY, { CREDIT_CARD: 1 }),
    recordOf(TUESDAY, {}),
    recordOf(TUESDAY, { EMAIL_ADDRESS: 1, CUSTOM_CLAIM_NO: 1 }, { error: 'escalate_blocked' }),
    recordOf(TUESDAY, {}, { facts: null, error: 'detect_failed' }),
  );
  const monday = {
    day: '2026-11-16',
    requests: 1,
    personalRequests: 1,
    values: 1,
    replaced: 0,
    blocked: 0,
    kinds: new Map([['CREDIT_CARD', { values: 1, requests: 1 }]]),
    broughtBack: new Map(),
  };
  const tuesday = {
    day: '2026-11-17',
    requests: 3,
    personalRequests: 2,
    values: 5,
    replaced: 3,
    blocked: 1,
    kinds: new Map([
      ['EMAIL_ADDRESS', { values: 3, requests: 2 }],
      ['CUSTOM_CLAIM_NO', { values: 1, requests: 1 }],
      ['URL', { values: 1, requests: 1 }],
    ]),
    broughtBack: new Map([['IP_ADDRESS', { values: 4, requests: 1 }]]),
  };
  const all = await reportPersonal(folder);
  expect(all).toEqual([monday, tuesday]);
  expect([...(all[1]?.kinds.keys() ?? [])]).toEqual([...tuesday.kinds.keys()]);
  expect(await reportPersonal(folder, { day: '2026-11-17' })).toEqual([tuesday]);
});

test('a day without requests is a day of zeros', async () => {
  await log(recordOf(MONDAY, { URL: 1 }));
  expect(await reportPersonal(folder, { day: '2026-11-17' })).toEqual([
    {
      day: '2026-11-17',
      requests: 0,
      personalRequests: 0,
      values: 0,
      replaced: 0,
      blocked: 0,
      kinds: new Map(),
      broughtBack: new Map(),
    },
  ]);
});

test('the days together hold every value of the log', async () => {
  const kind = fc.constantFrom('EMAIL_ADDRESS', 'PERSON', 'CUSTOM_A');
  const one = fc.record({
    day: fc.integer({ min: 1, max: 9 }),
    personal: fc.dictionary(kind, fc.integer({ min: 1, max: 50 }), { noNullPrototype: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 20 }), async (rows) => {
      rmSync(folder, { recursive: true });
      await log(...rows.map(({ day, personal }) => recordOf(`2026-01-0${day}T12:00:00.000Z`, personal)));
      const days = await reportPersonal(folder);
      const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
      const planted = sum(rows.flatMap(({ personal }) => Object.values(personal)));
      expect(sum(days.map(({ values }) => values))).toBe(planted);
      expect(sum(days.map(({ requests }) => requests))).toBe(rows.length);
      expect(days.map(({ day }) => day)).toEqual([...new Set(days.map(({ day }) => day))].sort());
    }),
    { numRuns: 20 },
  );
});

test('records of older versions, which say nothing of answers, are read all the same', async () => {
  writeFileSync(
    join(folder, 'decisions-000001.jsonl'),
    `{"at":"${MONDAY}","facts":{"personal":{"URL":1}},"redacted":0}\n`,
  );
  expect(await reportPersonal(folder)).toMatchObject([{ values: 1, broughtBack: new Map() }]);
});

test('a note of damage, and a line that is being written, are no requests', async () => {
  await log(recordOf(MONDAY, { URL: 1 }));
  const file = join(folder, 'decisions-000001.jsonl');
  appendFileSync(file, `{"seq":1,"prev":"x","at":"${MONDAY}","event":"damaged"}\n{"seq":2,"at":"2026`);
  expect(await reportPersonal(folder)).toMatchObject([{ day: '2026-11-16', requests: 1 }]);
});

test.each([
  ['text', 'nonsense'],
  ['no day', '{"at":"yesterday","facts":null,"redacted":0}'],
  [
    'a kind that would steer a terminal',
    `{"at":"${MONDAY}","facts":{"personal":{"\\u001b[2J":1}},"redacted":0}`,
  ],
  ['a count that is none', `{"at":"${MONDAY}","facts":{"personal":{"URL":-1}},"redacted":0}`],
])('%s instead of a record is an error that names the place, and quotes nothing', async (_name, line) => {
  writeFileSync(join(folder, 'decisions-000001.jsonl'), `${line}\n`);
  await expect(reportPersonal(folder)).rejects.toThrow(
    /^decisions-000001\.jsonl:1 is not a record\. `log verify` checks the whole log\.$/,
  );
});

test('no log is an error', async () => {
  await expect(reportPersonal(folder)).rejects.toThrow(`There is no decision log in ${folder}.`);
  await expect(reportPersonal(join(folder, 'none'))).rejects.toThrow('There is no decision log');
});
