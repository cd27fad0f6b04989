import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Calibration,
  calibrationFile,
  readCalibration,
  writeCalibration,
} from '../../src/guarantee/calibration.ts';
import { CONFIDENCE_BINS } from '../../src/statistics/drift.ts';

const calibration: Calibration = {
  version: 1,
  madeAt: '2026-01-02T03:04:05.000Z',
  labelsRevision: 'abcdef012345',
  doubt: 0.05,
  guarantees: [
    {
      rule: 'routine',
      scope: '0123456789ab',
      errorMax: 0.01,
      threshold: 0.875,
      stricter: null,
      confidences: new Array(CONFIDENCE_BINS).fill(1),
    },
  ],
};
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiergate-calibration-'));
  file = calibrationFile(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what is written is read, under a name of its own, and leaves nothing else behind', async () => {
  await writeCalibration(folder, calibration);
  const { id, ...read } = (await readCalibration(file))!;
  expect(read).toEqual(calibration);
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  await writeCalibration(folder, { ...calibration, doubt: 0.1 });
  expect((await readCalibration(file))?.id).not.toBe(id);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('there may be none', async () => {
  expect(await readCalibration(file)).toBeNull();
});

describe('what is not exactly one is refused', () => {
  const [one] = calibration.guarantees;
  test.each<[string, unknown, string]>([
    ['no JSON', null, 'it is not JSON'],
    ['another version', { ...calibration, version: 2 }, '`version`'],
    ['no time', { ...calibration, madeAt: 'yesterday' }, '`madeAt`'],
    ['no revision', { ...calibration, labelsRevision: undefined }, '`labelsRevision`'],
    ['a doubt above one', { ...calibration, doubt: 5 }, '`doubt`'],
    ['no list', { ...calibration, guarantees: {} }, '`guarantees`'],
    ['a threshold below none', { ...calibration, guarantees: [{ ...one, threshold: -1 }] }, 'entry 0'],
    ['a threshold in words', { ...calibration, guarantees: [one, { ...one, threshold: '0' }] }, 'entry 1'],
    ['no threshold', { ...calibration, guarantees: [{ ...one, threshold: undefined }] }, 'entry 0'],
    ['a rule without its scope', { ...calibration, guarantees: [{ ...one, scope: null }] }, 'entry 0'],
    ['too few bins', { ...calibration, guarantees: [{ ...one, confidences: [1] }] }, 'entry 0'],
  ])('%s', async (_, value, why) => {
    writeFileSync(file, value === null ? '{' : JSON.stringify(value));
    await expect(readCalibration(file)).rejects.toThrow(why);
  });
  test('a folder in its place', async () => {
    await expect(readCalibration(folder)).rejects.toThrow('EISDIR');
  });
});
