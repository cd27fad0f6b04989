import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { RowsError, readRows } from '../../src/wire/rows.ts';

/** Reads whole numbers above zero; two of a kind are a problem of the rows together. */
function numbers(yaml: string): number[] {
  const file = join(mkdtempSync(join(tmpdir(), 'tiergate-')), 'numbers.yaml');
  writeFileSync(file, yaml);
  return readRows<number>({
    file,
    setting: 'NUMBERS',
    key: 'numbers',
    sizeMiBMax: 1,
    notYaml: ({ code }, line) => `line ${line}: ${code}`,
    readRow: (row, problem) => {
      if (typeof row !== 'number') {
        problem('not a number');
        return [];
      }
      if (row <= 0) problem('too small');
      return [row];
    },
    together: (rows) => (new Set(rows).size < rows.length ? ['Two are alike.'] : []),
  });
}

test('gives the rows', () => {
  expect(numbers('numbers:\n  - 3\n  - 5\n')).toEqual([3, 5]);
});

test('tells all problems at once, each with its line, and those of the rows together', () => {
  expect(() => numbers('numbers:\n  - -1\n  - x\n  - 7\n  - 7\n')).toThrow(
    /is not usable:\n {2}line 2: too small\n {2}line 3: not a number\n {2}Two are alike\.$/,
  );
});

test.each([
  ['not YAML', 'numbers: [', /line \d+: /],
  ['no list', 'numbers: 5', '`numbers` must be a list.'],
  ['an empty list', 'numbers: []', '`numbers` must be a list.'],
  ['an empty file', '', '`numbers` must be a list.'],
  ['too large', `numbers: [1] # ${'x'.repeat(1_048_576)}`, 'The file is larger than 1 MiB.'],
])('refuses what is %s', (_what, yaml, message) => {
  expect(() => numbers(yaml)).toThrow(RowsError);
  expect(() => numbers(yaml)).toThrow(message);
});
