/** The specs and rows of our own that are shipped with the evaluation. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { DATA_TASKS, findDataSets } from '../../../eval/reading/data-sets.ts';
import { readInjectionSet } from '../../../eval/reading/injection-sets.ts';
import { readSpec } from '../../../eval/reading/spec.ts';

const OWN = fileURLToPath(new URL('../../../eval/data-sets/', import.meta.url));

test('every spec is one, and says whose the data are', () => {
  const specs = DATA_TASKS.flatMap((task) =>
    readdirSync(`${OWN}${task}`)
      .filter((name) => name.endsWith('.spec.json'))
      .map((name) => readSpec(`${OWN}${task}/${name}`)),
  );
  expect(specs.length).toBeGreaterThan(10);
  for (const spec of specs) {
    expect(spec.title).toBeTruthy();
    if (spec.file === undefined) expect([spec.source, spec.licence]).not.toContain(undefined);
  }
});

test.each([
  ['attacks', true],
  ['look_alikes', false],
])('%s of ours are what they say, no two alike, in many languages', (name, isAttack) => {
  const found = findDataSets('/nowhere', 'injection').find((set) => set.name === name);
  const rows = readInjectionSet(found!);
  expect(rows.every((row) => row.isAttack === isAttack && row.family !== 'everyday')).toBe(true);
  expect(new Set(rows.map(({ text }) => text)).size).toBe(rows.length);
  expect(new Set(rows.map(({ language }) => language)).size).toBeGreaterThanOrEqual(20);
});

test('no rows of other people lie in the repository', () => {
  const files = DATA_TASKS.flatMap((task) => readdirSync(`${OWN}${task}`).map((name) => `${task}/${name}`));
  const rows = files.filter((name) => !name.endsWith('.spec.json'));
  expect(rows).toEqual(['injection/attacks.jsonl', 'injection/look_alikes.jsonl']);
  for (const name of rows) {
    const spec = readFileSync(`${OWN}${name.replace('.jsonl', '.spec.json')}`, 'utf8');
    expect(spec).toContain('written for this project');
  }
});
