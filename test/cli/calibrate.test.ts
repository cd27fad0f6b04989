import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { judge, promisedBy, run } from '../../src/cli/calibrate.ts';
import { createDetect } from '../../src/detect/detect.ts';
import { calibrationFile, readCalibration } from '../../src/guarantee/calibration.ts';
import { openFeedbackStore } from '../../src/guarantee/feedback-store.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { seededRandom } from '../../src/statistics/random.ts';
import { labelled } from '../facts.ts';
import { judged } from '../guarantee/judged.ts';

const LABELS_FOLDER = fileURLToPath(new URL('../journey/fixtures/labels', import.meta.url));
const POLICY = `version: 1
rules:
  - { id: returns, because: One., when: { intent: [return_item], max_error: 10% }, then: { local: { bar: 0.5, otherwise: { cloud: {} } } } }
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }`;

let folder: string;
let printed: string;
const environment = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-calibrate-'));
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  process.env = {
    ...environment,
    TIERGATE_DATA: join(folder, 'data'),
    TIERGATE_LABELS: LABELS_FOLDER,
    TIERGATE_POLICY: join(folder, 'policy.yaml'),
  };
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = environment;
  rmSync(folder, { recursive: true });
});

function writeRows(rows: readonly unknown[]): string {
  const file = join(folder, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}
function confidences(count: number): unknown[] {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => {
    const confidence = random();
    return { confidence, right: random() >= (1 - confidence) / 8 };
  });
}

describe('from a file', () => {
  test('a promise that can be kept is written down, for the server and for people', async () => {
    expect(await run(['--labelled', writeRows(confidences(1000))])).toBe(0);
    const made = join(folder, 'data', 'calibration');
    expect(readdirSync(made).sort()).toEqual(['calibration.json', 'report.html', 'report.json']);
    const read = await readCalibration(calibrationFile(made));
    expect(read).toMatchObject({ doubt: 0.05, guarantees: [{ rule: 'returns', errorMax: 0.1 }] });
    expect(read?.guarantees[0]?.threshold).toBeLessThan(0.5);
    expect(read?.guarantees[0]?.scope).toBe(compilePolicy(POLICY, 'p', {}).guarantees[0]?.scope);
    expect(printed).toContain('Promised with a confidence of 95 %');
  });

  test.each([
    [['--max-error', '1'], '--max-error must be'],
    [['--max-error', '0%'], '--max-error must be'],
    [['--confidence', '0.95'], '--confidence must be'],
    [['--confidence', '20%'], '--confidence must be'],
    [['--since', 'yesterday'], '--since must be'],
    [['--seed', 'x'], '--seed must be'],
    [['--format', 'xml'], '--format must be'],
    [['--policy', 'nowhere.yaml'], 'ENOENT'],
    [['--labelled', 'nowhere.jsonl'], 'ENOENT'],
    [['more'], 'more'],
  ])('%j is refused before anything is loaded', async (args, problem) => {
    await expect(run(args)).rejects.toThrow(problem);
  });
});

describe('from what was recorded', () => {
  test('where a few of a file were not enough: only what the same labels judged counts', async () => {
    const few = ['--labelled', writeRows(confidences(20)), '--max-error', '1%', '--format', 'json'];
    expect(await run(few)).toBe(2);
    const made = join(folder, 'data', 'calibration');
    const read = await readCalibration(calibrationFile(made));
    expect(read?.guarantees).toMatchObject([{ rule: null, errorMax: 0.01, threshold: null }]);
    expect(JSON.parse(readFileSync(join(made, 'report.json'), 'utf8'))).toMatchObject({
      guarantees: [{ labelledNeeded: expect.any(Number) }],
    });
    const labelsRevision = read?.labelsRevision ?? '';
    const file = join(folder, 'data', 'feedback.sqlite');
    const store = openFeedbackStore({ file, rowsMax: 1000, onFailure: () => undefined });
    const random = seededRandom(2);
    for (let i = 0; i < 400; i += 1) {
      const requestId = `req_${i}`;
      const facts = judged().facts;
      const labels = labelled({ intent: 'return_item', confidence: random() });
      const revision = i < 300 ? labelsRevision : 'other';
      store.note(judged({ requestId, labelsRevision: revision, at: i, facts: { ...facts, labels } }));
    }
    store.flush();
    for (let i = 0; i < 200; i += 1) store.say(`req_${i}`, { right: true, intent: null });
    store.close();
    expect(await run([])).toBe(0);
    const { guarantees } = JSON.parse(
      readFileSync(join(folder, 'data', 'calibration', 'report.json'), 'utf8'),
    );
    // A hundred of which nothing was said lay the grid.
    expect(guarantees).toMatchObject([{ rule: 'returns', tested: 200, pilot: 100 }]);
  });

  test('nothing is not enough', async () => {
    await expect(run([])).rejects.toThrow('Nothing is recorded');
  });
});

test('a policy that promises nothing needs nothing calibrated', () => {
  const policy = compilePolicy(POLICY.replace(', max_error: 10%', ''), 'p', {});
  expect(() => promisedBy([], policy)).toThrow('nothing to calibrate');
  expect(promisedBy(['0.5%'], policy)).toEqual([{ rule: null, scope: null, errorMax: 0.005 }]);
});

test('messages are searched as the server searches them, names and all', async () => {
  const personal = 'when: { intent: [return_item], personal: [PERSON], max_error: 10% }';
  writeFileSync(
    join(folder, 'policy.yaml'),
    POLICY.replace('when: { intent: [return_item], max_error: 10% }', personal),
  );
  const message = 'My name is Anna Schmidt, and I want to send back the shoes.';
  const rows = Array.from({ length: 4 }, () => ({ text: message, intent: 'return_item' }));
  expect(await run(['--labelled', writeRows(rows), '--format', 'json'])).toBe(2);
  const report = readFileSync(join(folder, 'data', 'calibration', 'report.json'), 'utf8');
  expect(JSON.parse(report).guarantees).toMatchObject([{ rule: 'returns', tested: 3, pilot: 1 }]);
});

describe('messages are classified', () => {
  const classify = {
    intents: ['return_item', 'complaint'],
    /** Acme has intents of its own, of which everything is the second. */
    classifyAll: async (texts: readonly string[], tenant?: string) =>
      texts.map((text) => {
        const isReturn = text.startsWith('Send') && tenant !== 'acme';
        return labelled({ intent: isReturn ? 'return_item' : 'complaint' });
      }),
  };
  const text = (words: string, intent: string | null) =>
    ({ kind: 'text', text: words, intent, tenant: null }) as const;

  test('and compared with what they are about, between rows that say only a confidence', async () => {
    const rows = [
      text('Send back', 'return_item'),
      { kind: 'confidence', confidence: 0.3, wrong: true } as const,
      text('Send my mail to a@example.com', 'complaint'),
      text('Hello', null),
    ];
    const found = await judge(rows, classify, createDetect());
    expect(found.map(({ wrong }) => wrong)).toEqual([false, true, true, true]);
    expect(found.map(({ facts }) => facts?.personal)).toEqual([{}, undefined, { EMAIL_ADDRESS: 1 }, {}]);
  });

  test('each by the intents of its tenant', async () => {
    const rows = [text('Send back', 'complaint'), { ...text('Send back', 'complaint'), tenant: 'acme' }];
    const found = await judge(rows, classify, createDetect());
    expect(found.map(({ wrong }) => wrong)).toEqual([true, false]);
    expect(found.map(({ facts }) => facts?.tenant)).toEqual(['', 'acme']);
  });

  test('an intent that there is not is a mistake, not an error of the model', async () => {
    await expect(judge([text('Hi', 'retrun_item')], classify, createDetect())).rejects.toThrow('retrun_item');
  });
});
