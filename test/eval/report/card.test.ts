import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkCard, filledCard, writeCard } from '../../../eval/report/card.ts';
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
