import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keptPolicies, replayLog, report, run } from '../../src/cli/log-replay.ts';
import { decide } from '../../src/decide/decide.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { openDecisionLog } from '../../src/record/decision-log.ts';
import type { Facts, JourneyRecord } from '../../src/shapes.ts';
import { journeyRecord } from '../record/journey-record.ts';

const fixture = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const shipped = readFileSync(fixture('../policy/fixtures/tests/policy.yaml'), 'utf8');
/** The same policy at another time, with an intent that no labels file knows any more. */
const older = shipped.replace('[order_status]', '[order_status, long_gone]');
const [revision, olderRevision] = [shipped, older].map((text) => compilePolicy(text, 'p.yaml', {}).revision);

const base = journeyRecord({}).facts as Required<Facts>;
const factsOf = (intent: string): Facts => ({
  ...base,
  labels: { ...base.labels, intent } as Facts['labels'] & object,
});
/** What the server would have written of a request with these facts. */
const recordOf = (requestId: string, source: string, facts: Facts): JourneyRecord => {
  const decision = decide(compilePolicy(source, 'p.yaml', {}), facts);
  if (decision === 'needs_labels') throw new Error('The test asks for too little.');
  const { rule, policyRevision, outcome } = decision;
  return journeyRecord({ requestId, facts, rule, policyRevision, tierDecided: outcome.tier });
};

let data: string;
let folder: string;
let printed = '';
const { write } = process.stdout;
async function log(...records: JourneyRecord[]): Promise<void> {
  const writer = await openDecisionLog({ folder, bytesMax: 2_000 });
  for (const record of records) writer.append(record);
  await writer.close();
}

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'tiergate-log-replay-'));
  folder = join(data, 'decisions');
  mkdirSync(join(data, 'policies'));
  writeFileSync(join(data, 'policies', `${revision}.yaml`), shipped);
  writeFileSync(join(data, 'policies', `${olderRevision}.yaml`), older);
  await log(
    recordOf('r0', older, factsOf('long_gone')),
    recordOf('r1', shipped, factsOf('complaint')),
    recordOf('r2', older, factsOf('order_status')),
    journeyRecord({ requestId: 'r3', facts: null, rule: null, policyRevision: null, tierDecided: null }),
    recordOf('r4', shipped, factsOf('long_gone')),
  );
  process.env.TIERGATE_DATA = data;
  process.env.TIERGATE_LABELS = fixture('../journey/fixtures/labels');
  printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += text;
    return true;
  };
});
afterEach(() => {
  process.stdout.write = write;
  rmSync(data, { recursive: true });
});

/** A policy that sends everything to people. */
const edited = (): string => {
  const file = join(data, 'edited.yaml');
  writeFileSync(file, shipped.replace('then: { cloud: {} }', 'then: { human: { queue: q, priority: low } }'));
  return file;
};

describe('with the policies of their time', () => {
  test('an untouched log comes out the same, over files and revisions: exit code 0', async () => {
    expect(await run([])).toBe(0);
    expect(printed).toBe('All 4 decisions came out the same. Another 1 ended before they were decided.\n');
  });

  test('a record whose tier was changed is named: exit code 2', async () => {
    await log({ ...recordOf('r5', shipped, factsOf('complaint')), tierDecided: 'local' });
    expect(await run([folder])).toBe(2);
    expect(printed).toContain('Of 5 decisions, 4 came out the same and 1 did not.');
    expect(printed).toContain('\n  r5  complaints (local) → complaints (human)\n');
  });

  test('a record whose labels were taken out does not pass', async () => {
    const { labels: _, ...plain } = factsOf('complaint');
    await log({ ...recordOf('r5', shipped, factsOf('complaint')), facts: plain });
    expect(await run([])).toBe(2);
    expect(printed).toContain('r5  complaints (human) → a rule asks for labels, and it has none');
  });

  test('a copy that was changed since proves nothing', async () => {
    writeFileSync(join(data, 'policies', `${revision}.yaml`), `${shipped}# edited\n`);
    await expect(run([])).rejects.toThrow(`decisions-000001.jsonl:2 (policy ${revision}): `);
    await expect(run([])).rejects.toThrow('was changed since it was served');
  });

  test('a copy that is gone is missed, with the place of the record that needs it', async () => {
    rmSync(join(data, 'policies', `${olderRevision}.yaml`));
    await expect(run([])).rejects.toThrow(`decisions-000001.jsonl:1 (policy ${olderRevision}): `);
  });

  test('the last line may be half-written: a server is at it', async () => {
    appendFileSync(join(folder, 'decisions-000003.jsonl'), '{"seq":5,"prev":"');
    expect(await run([])).toBe(0);
  });

  test('what a crash left behind is no decision', async () => {
    appendFileSync(join(folder, 'decisions-000003.jsonl'), '{"seq":5,"prev":"');
    await log(recordOf('r5', shipped, factsOf('complaint')));
    expect(await run([])).toBe(0);
    expect(printed).toContain('All 5 decisions');
  });

  test.each([
    ['not JSON', 'x\n'],
    ['not an object', 'null\n'],
    ['without a request', '{"seq":5}\n'],
    ['a revision that is a path', '{"requestId":"r","policyRevision":"../../x","facts":{},"rule":"r"}\n'],
    ['facts that are none', `{"requestId":"r","policyRevision":"${'a'.repeat(12)}","facts":{},"rule":"r"}\n`],
  ])('a line that is %s stops it', async (_, line) => {
    appendFileSync(join(folder, 'decisions-000003.jsonl'), line);
    await expect(run([])).rejects.toThrow(/decisions-000003\.jsonl:\d is not a record/);
  });
});

describe('with another policy', () => {
  test('it shows what an edit would change: exit code 2', async () => {
    const source = readFileSync(edited(), 'utf8').replaceAll(/order_status|complaint(?=\])/g, 'return_item');
    writeFileSync(join(data, 'edited.yaml'), source);
    expect(await run(['--policy', join(data, 'edited.yaml')])).toBe(2);
    expect(printed).toBe(
      [
        'Of 4 decisions, 0 came out the same and 4 did not. Another 1 ended before they were decided.',
        '',
        '  r0  orders (local) → everything-else (human)',
        '  r1  complaints (human) → everything-else (human)',
        '  r2  orders (local) → everything-else (human)',
        '  r4  everything-else (cloud) → everything-else (human)',
        '',
      ].join('\n'),
    );
  });

  test('it is held against the labels of today, as the server would', async () => {
    await expect(run(['--policy', edited()])).rejects.toThrow('`complaint` is not an intent of the labels');
  });
});

describe('a promise', () => {
  const promising = `version: 1
rules:
  - { id: sure, because: Sure., when: { intent: [complaint], max_error: 1% }, then: { local: { bar: 0.5, otherwise: { cloud: {} } } } }
  - { id: rest, because: Rest., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }`;
  const policy = compilePolicy(promising, 'p.yaml', {});

  test('is replayed by the threshold of its time, which the record holds', async () => {
    writeFileSync(join(data, 'policies', `${policy.revision}.yaml`), promising);
    const kept = recordOf('r5', promising, { ...factsOf('complaint'), thresholds: { sure: 0 } });
    const broken = recordOf('r6', promising, { ...factsOf('complaint'), thresholds: {} });
    expect([kept.rule, broken.rule]).toEqual(['sure', 'rest']);
    await log(kept, broken);
    expect(await run([])).toBe(0);
  });

  test('is tried with another by what it would be today', async () => {
    const tally = (thresholds: Facts['thresholds']) => replayLog(folder, async () => policy, { thresholds });
    expect((await tally({ sure: 0 })).examples.map(({ now }) => now)).toContain('sure (local)');
    expect((await tally({})).examples.map(({ now }) => now)).not.toContain('sure (local)');
  });
});

test('no more than twenty are listed', async () => {
  const changed = { ...recordOf('r5', shipped, factsOf('complaint')), tierDecided: 'local' } as const;
  await log(...Array.from({ length: 23 }, () => changed));
  const tally = await replayLog(folder, keptPolicies(join(data, 'policies')));
  expect(tally).toMatchObject({ same: 4, moved: 23, undecided: 1 });
  expect(tally.examples).toHaveLength(20);
  expect(report(tally)).toContain('\n  … and 3 more\n');
});

describe('what cannot be done is said by a rejection, which is exit code 1', () => {
  test.each([[['--what']], [['a', 'b']], [['--policy']], [['/no/such/folder']], [['--policy', '/no/such']]])(
    '%j',
    async (args) => {
      await expect(run(args)).rejects.toThrow();
    },
  );

  test('a folder without a log', async () => {
    await expect(run([join(data, 'policies')])).rejects.toThrow('There is no decision log in');
  });
});
