import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { OBFUSCATIONS, PAIRED } from '../../../eval/privacy/obfuscations/all.ts';
import { nameSets, structuredSets } from '../../../eval/privacy/sets/sets.ts';
import { seeded } from '../../../eval/reading/random.ts';

const sets = [...structuredSets(), ...nameSets(undefined)];
const again = [...structuredSets(), ...nameSets(undefined)];

describe.each(sets)('$name', ({ name, aim, rows }) => {
  test('is the same in every run', () => {
    const same = again.find((set) => set.name === name);
    expect(JSON.stringify(same?.rows)).toBe(JSON.stringify(rows));
  });

  test('plants what it says, where it says', () => {
    const wrong = rows.filter(({ text, planted }) =>
      planted.some(
        ({ start, end }, at) => start < (planted[at - 1]?.end ?? 0) || end <= start || end > text.length,
      ),
    );
    expect(wrong).toEqual([]);
    const hasPlanted = rows.some(({ planted }) => planted.length > 0);
    expect(hasPlanted).toBe(aim === 'hide');
  });

  test('fills every slot', () => {
    expect(
      rows.filter(({ text }) =>
        /\{(?:value|label|field|person|first|last|org|city)\d?\}|\[\[|undefined/.test(text),
      ),
    ).toEqual([]);
  });
});

test('the sets are as large as they are said to be', () => {
  const rowsOf = (name: string) => sets.find((set) => set.name === name)?.rows ?? [];
  expect(rowsOf('harmless').length).toBeGreaterThan(1_000);
  expect(new Set(rowsOf('obfuscated').map((row) => row.class)).size).toBeGreaterThanOrEqual(60);
  expect(
    new Set(rowsOf('names').flatMap(({ planted }) => planted.map(({ origin }) => origin))).size,
  ).toBeGreaterThan(20);
});

test('every obfuscation changes a value', () => {
  const values = { any: 'AB1234567', number: '4111 1111 1111 1111', mail: 'jane.eve@brightlane.io' };
  const same = [...OBFUSCATIONS, ...PAIRED].filter(
    ({ suits, write }) => write(values[suits], seeded('a')) === values[suits],
  );
  expect(same.map(({ name }) => name)).toEqual([]);
});

test('the guide tells of every set', () => {
  const guide = readFileSync(new URL('../../../docs/evaluation.md', import.meta.url), 'utf8');
  const names = [...sets.map(({ name }) => name), 'wnut17 dev', 'lifebench kept aside'];
  expect(names.filter((name) => !guide.includes(`| \`${name}\``))).toEqual([]);
});
