import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openDecisionLog } from '../../src/record/decision-log.ts';
import { verifyLog } from '../../src/record/verify-log.ts';
import { journeyRecord } from './journey-record.ts';

const RECORDS = 12;
let folder: string;
/** The log as it was written: file names and bytes. */
let original: Map<string, Buffer>;
const names = (): string[] => [...original.keys()].filter((name) => name.endsWith('.jsonl'));
const read = (name: string): string[] => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
const rewrite = (name: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-verify-'));
  const log = await openDecisionLog({ folder, bytesMax: 4_000 });
  for (let i = 0; i < RECORDS; i++) log.append(journeyRecord({ requestId: `r${i}` }));
  await log.close();
  original = new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an untouched log over several files holds', async () => {
  expect(names().length).toBeGreaterThan(2);
  expect(await verifyLog(folder)).toMatchObject({ ok: true, records: RECORDS, files: names().length });
});

test('any one changed byte of any line is found', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (nameSeed, atSeed, change) => {
        const name = names()[nameSeed % names().length]!;
        const bytes = Buffer.from(original.get(name)!);
        const at = atSeed % bytes.length;
        bytes[at] = bytes[at]! ^ change;
        writeFileSync(join(folder, name), bytes);
        const { ok, firstBreak } = await verifyLog(folder);
        writeFileSync(join(folder, name), original.get(name)!);
        expect(ok).toBe(false);
        expect(firstBreak).toMatchObject({ file: expect.stringMatching(/^decisions-/) });
      },
    ),
    { numRuns: 150 },
  );
});

describe('is found, with its place:', () => {
  const second = (): string => names()[1]!;

  test('a line taken out', async () => {
    const [first = '', , ...rest] = read(second());
    rewrite(second(), [first, ...rest]);
    expect(await verifyLog(folder)).toMatchObject({ ok: false, firstBreak: { file: second(), line: 2 } });
  });
  test('two lines exchanged', async () => {
    const [first = '', next = '', ...rest] = read(second());
    rewrite(second(), [next, first, ...rest]);
    expect(await verifyLog(folder)).toMatchObject({ ok: false, firstBreak: { file: second(), line: 1 } });
  });
  test('a line added', async () => {
    const [first = '', ...rest] = read(second());
    rewrite(second(), [first, first, ...rest]);
    expect(await verifyLog(folder)).toMatchObject({ ok: false, firstBreak: { file: second(), line: 2 } });
  });
  test('a value changed and its own number kept', async () => {
    const [first = '', ...rest] = read(second());
    rewrite(second(), [first.replace('"status":200', '"status":403'), ...rest]);
    const { firstBreak } = await verifyLog(folder);
    expect(firstBreak).toMatchObject({ file: second(), line: 2, why: expect.stringContaining('before') });
  });
  test('the last lines cut off', async () => {
    const last = names().at(-1)!;
    rewrite(last, read(last).slice(0, -1));
    const { ok, firstBreak } = await verifyLog(folder);
    expect(ok).toBe(false);
    expect(firstBreak?.why).toContain('1 record is missing');
  });
  test('a last line without its end', async () => {
    const last = names().at(-1)!;
    writeFileSync(join(folder, last), original.get(last)!.subarray(0, -1));
    expect((await verifyLog(folder)).firstBreak?.why).toContain('torn');
  });
  test('the last line changed', async () => {
    const last = names().at(-1)!;
    const lines = read(last);
    rewrite(last, [...lines.slice(0, -1), lines.at(-1)!.replace('"status":200', '"status":403')]);
    expect((await verifyLog(folder)).firstBreak).toMatchObject({ file: last, line: lines.length });
  });
  test('a file gone, or two exchanged', async () => {
    renameSync(join(folder, second()), join(folder, 'elsewhere'));
    expect((await verifyLog(folder)).firstBreak).toMatchObject({ file: names()[2], line: 1 });
    renameSync(join(folder, names()[2]!), join(folder, second()));
    renameSync(join(folder, 'elsewhere'), join(folder, names()[2]!));
    expect((await verifyLog(folder)).ok).toBe(false);
  });
  test('all files gone, and the head gone', async () => {
    rmSync(join(folder, 'decisions.head'));
    expect((await verifyLog(folder)).firstBreak?.why).toContain('decisions.head is missing');
    writeFileSync(join(folder, 'decisions.head'), original.get('decisions.head')!);
    for (const name of names()) rmSync(join(folder, name));
    expect((await verifyLog(folder)).firstBreak?.why).toContain(`${RECORDS} records are missing`);
  });
});

test('a log whose older files were archived begins where it is told to', async () => {
  const [first = ''] = names();
  const archive = mkdtempSync(join(tmpdir(), 'tiergate-archive-'));
  writeFileSync(join(archive, first), original.get(first)!);
  const lines = read(first);
  const { hashOf } = await import('../../src/record/chain.ts');
  const begin = { next: lines.length, hash: hashOf(lines.at(-1)!) };
  rmSync(join(folder, first));
  rmSync(archive, { recursive: true });
  expect((await verifyLog(folder)).ok).toBe(false);
  expect(await verifyLog(folder, { begin })).toMatchObject({ ok: true, records: RECORDS - lines.length });
});
