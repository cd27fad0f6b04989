/** POST /v1/feedback on a whole gateway: what it takes, what it keeps, and what comes of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { run } from '../../src/cli/calibrate.ts';
import { calibrationFile, readCalibration, writeCalibration } from '../../src/guarantee/calibration.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { CONFIDENCE_BINS } from '../../src/statistics/drift.ts';
import { startGateway, type TestGateway } from '../journey/start.ts';
import { expectFailure, toReply } from './socket.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../journey/fixtures/${name}`, import.meta.url));
const LABELS = fixture('labels');
const policySource = readFileSync(fixture('policy.yaml'), 'utf8').replace(
  'in_scope: [likely] }\n    then: { local',
  'max_error: 10% }\n    then: { local',
);

let folder: string;
let tiergate: TestGateway;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-feedback-'));
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, policySource);
  tiergate = await startGateway(null, {
    TIERGATE_POLICY: policy,
    TIERGATE_CALIBRATION: join(folder, 'calibration'),
  });
}, 60_000);
afterAll(async () => {
  await tiergate.close();
  rmSync(folder, { recursive: true });
});

/** Asks, and gives the request's id and the rule that took it. */
async function ask(content = 'How do I return something I bought?') {
  const body = { model: 'tiergate-auto', messages: [{ role: 'user', content }] };
  const { headers, status } = await tiergate.post('/v1/chat/completions', body);
  return { status, id: headers.get('x-request-id') ?? '', rule: headers.get('x-tiergate-rule') };
}
const say = async (body: unknown, headers = {}) =>
  toReply(await tiergate.post('/v1/feedback', body, headers));
const metrics = async () => (await fetch(`${tiergate.url}/metrics`)).text();

async function calibrate(threshold: number, revision: string): Promise<void> {
  const guarantees = compilePolicy(policySource, 'p', {}).guarantees.map(({ rule, errorMax, scope }) => {
    const confidences = new Array<number>(CONFIDENCE_BINS).fill(0);
    return { rule, errorMax, scope, threshold, stricter: null, confidences };
  });
  const madeAt = new Date().toISOString();
  const labelsRevision = revision;
  await writeCalibration(join(folder, 'calibration'), {
    version: 1,
    madeAt,
    labelsRevision,
    doubt: 0.05,
    guarantees,
  });
}

describe('what is taken', () => {
  test('a verdict, the right intent, or both; of a request that is known', async () => {
    const { id } = await ask();
    const right = { object: 'tiergate.feedback', request_id: id, right: true };
    for (const says of [{ right: true }, { intent: 'return_item' }, { right: true, intent: 'return_item' }]) {
      const reply = await say({ request_id: id, ...says });
      expect([reply.status, JSON.parse(reply.body)]).toEqual([200, right]);
    }
    expect(JSON.parse((await say({ request_id: id, intent: null })).body)).toMatchObject({ right: false });
    const reply = await say({ request_id: id, right: true, intent: 'delivery_options' });
    expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'in_body_invalid', param: 'intent' } });
    expect(await metrics()).toMatch(/tiergate_feedback_total\{tiergate_verdict="right"[^}]*\} 3/);
  });

  test.each<[unknown, string]>([
    ['{}', 'request_id'],
    ['[]', 'request_id'],
    [{ request_id: 'some words', right: true }, 'request_id'],
    [{ request_id: `req_${'0'.repeat(24)}` }, 'right'],
    [{ request_id: `req_${'0'.repeat(24)}`, right: 'yes' }, 'right'],
    [{ request_id: `req_${'0'.repeat(24)}`, intent: 'words of a customer' }, 'intent'],
    [{ request_id: `req_${'0'.repeat(24)}`, intent: ['return_item'] }, 'intent'],
  ])('but not %j', async (body, param) => {
    const reply = await say(body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body)).toMatchObject({ error: { code: 'in_body_invalid', param } });
    expect(reply.body).not.toContain('words of a customer');
  });

  test('not about a request that nobody knows, and from nobody without a key', async () => {
    const unknown = { request_id: `req_${'0'.repeat(24)}`, right: true };
    expectFailure(await say(unknown), 'record_no_such_request');
    expectFailure(await say(unknown, { authorization: 'Bearer nobody' }), 'authenticate_invalid');
  });
});

test('what calibrate makes is for the labels and the model that the server has', async () => {
  const environment = process.env;
  const out = join(folder, 'elsewhere');
  const rows = join(folder, 'rows.jsonl');
  writeFileSync(rows, '{"confidence": 0.9, "right": true}\n');
  process.env = { ...environment, TIERGATE_LABELS: LABELS, TIERGATE_DATA: tiergate.data };
  const quiet = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await run(['--labelled', rows, '--policy', join(folder, 'policy.yaml'), '--out', out]);
  } finally {
    quiet.mockRestore();
    process.env = environment;
  }
  const { revision } = tiergate.gateway.parts.stages.classify;
  expect(await readCalibration(calibrationFile(out))).toMatchObject({ labelsRevision: revision });
});

test('a rule with max_error takes nothing until it is calibrated; then, until too much is said to be wrong', async () => {
  expect((await ask()).rule).toBe('rest');
  expect(tiergate.log()).toContain('The rule `routine` promises a `max_error`, and nobody has calibrated it');
  expect(await metrics()).toMatch(/tiergate_guarantee_level\{[^}]*tiergate_rule="routine"[^}]*\} 3/);

  const until = async (rule: string, each = async (_id: string) => undefined as unknown) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const asked = await ask();
      if (asked.rule === rule) return;
      await each(asked.id);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${rule} never took it`);
  };
  await calibrate(0, tiergate.gateway.parts.stages.classify.revision);
  await until('routine');
  await until('rest', (id) => say({ request_id: id, right: false }));
  expect(tiergate.log()).toContain('"event":"guarantee_endangered","rule":"routine"');
  // The decision log says by which threshold each was decided, so that it can be decided again.
  expect(await tiergate.decisions()).toContain('"thresholds":{"routine":0}');
  // What is not whole is not taken over.
  writeFileSync(join(folder, 'calibration', 'calibration.json'), '{');
  for (let tries = 0; tries < 60 && !tiergate.log().includes('calibration_refused'); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(tiergate.log()).toContain('"event":"calibration_refused"');
  expect((await ask()).rule).toBe('rest');
});
