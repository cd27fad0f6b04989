import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkCard, filledCard, writeCard } from '../../../eval/report/card.ts';
import { tablesOf } from '../../../eval/report/tables.ts';
import { results } from './results.ts';

const CARD = `# A card

Words before.

<!-- eval accuracy -->
old figures
<!-- /eval accuracy -->

<!-- eval injection -->
kept, as it was not measured
<!-- /eval injection -->

Words after.
`;

test('marked sections are filled, all else stays', () => {
  const filled = filledCard(CARD, results);
  expect(filled).not.toContain('old figures');
  expect(filled).toContain('| shop | all | 3 | 30 | 100 | 91.6 ± 0.5 † | 91.6 ± 0.5 |');
  expect(filled).toContain('kept, as it was not measured');
  expect(filled.startsWith('# A card\n\nWords before.\n')).toBe(true);
  expect(filled.endsWith('\nWords after.\n')).toBe(true);
  // Filling again changes nothing.
  expect(filledCard(filled, results)).toBe(filled);
});

test('a card without a place for the figures says what is missing', () => {
  expect(() => filledCard('# Nothing', results)).toThrow('<!-- eval accuracy -->');
  expect(() => filledCard('<!-- eval accuracy -->', results)).toThrow('no <!-- /eval accuracy -->');
});

test('whether a card can be written is known before anything is measured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tiergate-card-'));
  const file = join(folder, 'CARD.md');
  try {
    expect(() => checkCard(file, true)).toThrow('quick run');
    expect(() => checkCard(file, false)).toThrow('ENOENT');
    writeFileSync(file, '# Nothing');
    expect(() => checkCard(file, false)).toThrow('no marked section');
    writeFileSync(file, CARD);
    checkCard(file, false);
    writeCard(file, results);
    expect(readFileSync(file, 'utf8')).toBe(filledCard(CARD, results));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no figure in the shipped card stands outside of a section that is filled', () => {
  const card = readFileSync(
    new URL('../../../models/tiergate-small-int4/MODEL_CARD.md', import.meta.url),
    'utf8',
  );
  const words = card
    .replaceAll(/<!-- eval ([\w ]+) -->[\s\S]*?<!-- \/eval \1 -->/g, '')
    .replaceAll(/arXiv \d+\.\d+|`[^`]*`/g, '');
  // A share, a decimal, a size, a count with its thousands apart, a row of a table.
  expect(words.match(/\d ?%|\d*\.\d+|\d ?[MG]B|\d,\d{3}|^\|.*$/gm) ?? []).toEqual([]);
  const sections = [...card.matchAll(/<!-- eval ([\w ]+) -->/g)].map(([, section]) => section);
  expect(sections.toSorted()).toEqual(Object.keys(tablesOf(results)).toSorted());
});
