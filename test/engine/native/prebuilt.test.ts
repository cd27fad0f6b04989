/** The binaries that ship are those that the sources and the record say they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findPrebuilt } from '../../../src/engine/native/binary.ts';
import { NATIVE_FOLDER, sha256Of, sourceDigest } from '../../../src/engine/native/sources.ts';

const folder = join(NATIVE_FOLDER, 'prebuilt');
const records: Record<string, { sha256: string; sources: string }> = JSON.parse(
  readFileSync(join(folder, 'digests.json'), 'utf8'),
);

describe.each(['linux-x64', 'linux-arm64'])('the binary for %s', (target) => {
  test('is made of the sources that stand beside it: if not, run `npm run native:prebuild`', () => {
    expect(records[target]?.sources).toBe(sourceDigest());
  });

  test('is the one that is recorded', () => {
    expect(sha256Of(join(folder, target, 'tiergate.node'))).toBe(records[target]?.sha256);
  });
});

test('a binary for this machine is found, if there is one', () => {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) return;
  expect(findPrebuilt(folder)).toBe(join(folder, `linux-${process.arch}`, 'tiergate.node'));
});
