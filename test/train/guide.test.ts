/** docs/train.md can be followed as it stands. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { compilePolicy } from '../../src/policy/compile.ts';
import { readTrainingSet } from '../../src/train/examples.ts';

const guide = readFileSync(fileURLToPath(new URL('../../docs/train.md', import.meta.url)), 'utf8');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(guide)?.[1] ?? '';

test('its table is read, and its policy speaks of the intents in it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  try {
    const file = join(folder, 'tickets.csv');
    writeFileSync(file, block('csv'));
    const { names, examples, outOfScope, warnings } = await readTrainingSet(file);
    expect([examples.length, outOfScope.length, warnings]).toEqual([12, 4, []]);
    expect(guide).toContain(
      `${examples.length} examples of ${names.length} intents, and ${outOfScope.length} messages`,
    );
    const policy = compilePolicy(block('yaml'), 'policy.yaml', { intents: names });
    expect(guide).toContain(`valid: ${policy.rules.length} rules, revision ${policy.revision}.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what it shows of the command is what the command says', () => {
  const usage = readFileSync(fileURLToPath(new URL('../../src/cli/train.ts', import.meta.url)), 'utf8');
  for (const option of ['--out', '--quote', '--out-of-scope']) {
    expect(guide).toContain(option);
    expect(usage).toContain(option);
  }
});
