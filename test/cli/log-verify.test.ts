import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { judge, run } from '../../src/cli/log-verify.ts';
import { openDecisionLog } from '../../src/record/decision-log.ts';
import { verifyLog } from '../../src/record/verify-log.ts';
import { journeyRecord } from '../record/journey-record.ts';

let folder: string;
const write = process.stdout.write;
let printed: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-log-verify-'));
  const log = await openDecisionLog({ folder, bytesMax: 1e9 });
  for (let i = 0; i < 3; i++) log.append(journeyRecord({ requestId: `r${i}` }));
  await log.close();
  printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
});
afterEach(() => {
  process.stdout.write = write;
  rmSync(folder, { recursive: true });
});
const tamper = (): void => {
  const file = join(folder, 'decisions-000001.jsonl');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"r1"', '"r9"'));
};

test('an untouched log: one sentence with the head, exit code 0', async () => {
  expect(await run([folder])).toBe(0);
  expect(printed).toMatch(/^The chain holds: 3 records in 1 file\. Head [0-9a-f]{64}:3\n$/);
});

test('a changed log: the place and why, exit code 2', async () => {
  tamper();
  expect(await run([folder])).toBe(2);
  expect(printed).toMatch(
    /^The chain is broken at decisions-000001\.jsonl:3\. The line before this one was changed/,
  );
});

test('a whole chain that was made anew does not end at the head that was kept elsewhere', async () => {
  const { head } = await verifyLog(folder);
  expect(await run([folder, '--head', `${head.hash}:${head.next}`])).toBe(0);
  expect(await run([folder, '--head', `${'0'.repeat(64)}:3`])).toBe(2);
  expect(printed).toContain('not at the given head');
});

test('a log that a crash had damaged holds, and says so', () => {
  const result = { ok: true, records: 3, files: 1, damages: 1, head: { next: 3, hash: 'a'.repeat(64) } };
  expect(judge(result)).toMatchObject({ exit: 0, sentence: expect.stringContaining('damaged') });
});

describe('what cannot be done is said by a rejection, which is exit code 1', () => {
  test.each([[['--what']], [['a', 'b']], [['--head', 'x']], [['--begin']], [['/no/such/folder']]])(
    '%j',
    async (args) => {
      await expect(run(args)).rejects.toThrow();
    },
  );
});
