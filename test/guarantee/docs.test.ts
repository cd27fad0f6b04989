/** docs/guaranteed-risk.md: its policy is one, its numbers are right, and its words are those that the code uses. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { BROKEN_DOUBT, DANGER_DOUBT, DRIFT_DOUBT, LEVELS } from '../../src/guarantee/promise-watch.ts';
import { percent } from '../../src/guarantee/report.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { binomialAtMost } from '../../src/statistics/binomial.ts';
import { outcomesMin } from '../../src/statistics/risk-control.ts';

const guide = readFileSync(new URL('../../docs/guaranteed-risk.md', import.meta.url), 'utf8');

test('its policy compiles', () => {
  const [, block = ''] = /^```yaml\n(.*?)^```$/ms.exec(guide) ?? [];
  const rest =
    '  - { id: rest, because: Rest., then: { cloud: {} } }\nunclassified: { because: None., then: { cloud: {} } }\n';
  const policy = compilePolicy(`version: 1\n${block}${rest}`, 'guide.yaml', {});
  expect(policy.guarantees).toMatchObject([{ rule: 'routine', errorMax: 0.01 }]);
});

/** Fewest outcomes with which a promise is found in four of five calibrations, if the error is what is given. */
function usually(errorMax: number, error: number): number {
  let wrong = 0;
  for (let reached = 1; ; reached += 1) {
    while (binomialAtMost(wrong + 1, reached, errorMax) <= 0.05) wrong += 1;
    const isEnough = binomialAtMost(wrong, reached, errorMax) <= 0.05;
    if (isEnough && binomialAtMost(wrong, reached, error) >= 0.8) return reached;
  }
}

test('how many are needed is as its table says', () => {
  const rows = [...guide.matchAll(/^\| ([\d.]+) % \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$/gm)];
  expect(rows).toHaveLength(4);
  for (const [, ...cells] of rows) {
    const [share = 0, ...counts] = cells.map((cell) => Number(cell.replace(',', '')));
    const errorMax = share / 100;
    const bound = { errorMax, doubt: 0.05 };
    expect(counts).toEqual([
      outcomesMin(bound),
      usually(errorMax, errorMax / 4),
      usually(errorMax, errorMax / 2),
    ]);
  }
});

test('the levels and the chances of a false alarm are those of the watch', () => {
  for (const level of LEVELS) expect(guide).toContain(`**${level}**`);
  const rows = [...guide.matchAll(/^\| .* \| (?:endangered|broken) \(`(?:drift|error)`\) \| (.*) \|$/gm)];
  expect(rows.map(([, chance]) => chance)).toEqual(
    [DRIFT_DOUBT, DANGER_DOUBT, BROKEN_DOUBT].map((doubt) => percent(doubt)),
  );
});
