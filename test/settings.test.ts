import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NUMBERS, readSettings, SettingsError, TEXTS } from '../src/settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const numbers = Object.entries(NUMBERS);
const texts = Object.entries(TEXTS);

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe('readSettings', () => {
  test('needs no variable at all', () => {
    const settings = readSettings({});
    for (const [name, row] of [...numbers, ...texts]) expect(settings).toHaveProperty(name, row.default);
  });

  test('takes a variable set to nothing for one that is not set', () => {
    const empty = Object.fromEntries([...numbers, ...texts].map(([name]) => [name, '']));
    expect({ ...readSettings(empty), secret: null }).toEqual({ ...readSettings({}), secret: null });
  });

  test.each(numbers)('%s has a default within its bounds', (_, row) => {
    expect([row.default, row.min, row.max].every(Number.isSafeInteger)).toBe(true);
    expect(row.min).toBeLessThanOrEqual(row.default);
    expect(row.default).toBeLessThanOrEqual(row.max);
  });

  test.each(numbers)('%s takes every whole number within its bounds and no other', (name, { min, max }) => {
    fc.assert(
      fc.property(fc.integer({ min, max }), (value) => {
        expect(readSettings({ [name]: String(value) })).toHaveProperty(name, value);
      }),
      { numRuns: 20, examples: [[min], [max]] },
    );
    const outside = [String(min - 1), String(max + 1), '1.5', '1e3', '0x400', ' ', ' 7', 'many', 'NaN', '-0'];
    for (const value of outside) {
      expect(problemsOf({ [name]: value })).toEqual([
        `${name} must be a whole number from ${min} to ${max}, and is ${JSON.stringify(value)}.`,
      ]);
    }
  });

  test.each(texts.filter(([name]) => !/LOG_LEVEL|LOCAL|WEBHOOK|PRIVATE_HOSTS/.test(name)))(
    '%s is taken as it is',
    (name) => {
      fc.assert(
        fc.property(fc.string({ minLength: 1 }), (value) => {
          expect(readSettings({ [name]: value })).toHaveProperty(name, value);
        }),
        { numRuns: 20 },
      );
    },
  );

  test.each([
    [{ TIERGATE_PROT: '80' }, 'TIERGATE_PROT is not a setting.'],
    [{ TIERGATE_: '' }, 'TIERGATE_ is not a setting.'],
    [{ TIERGATE_LOG_LEVEL: 'loud' }, 'TIERGATE_LOG_LEVEL must be error, warn, info or debug.'],
    [
      { TIERGATE_LOCAL_BASE_URL: 'http://127.0.0.1:1/v1' },
      'TIERGATE_LOCAL_BASE_URL and TIERGATE_LOCAL_MODEL belong together.',
    ],
    [{ TIERGATE_LOCAL_MODEL: 'm' }, 'TIERGATE_LOCAL_BASE_URL and TIERGATE_LOCAL_MODEL belong together.'],
    [
      { TIERGATE_WEBHOOK_URL: 'https://example.com' },
      'TIERGATE_WEBHOOK_URL needs TIERGATE_WEBHOOK_SECRET: webhooks are always signed.',
    ],
    ...['https://ai.internal', 'ai.internal, b', 'A.example', '*'].map(
      (hosts): [Record<string, string>, string] => [
        { TIERGATE_PRIVATE_HOSTS: hosts },
        'TIERGATE_PRIVATE_HOSTS must be names of hosts in lower case, parted by commas.',
      ],
    ),
  ])('%j is refused by name', (env, problem) => {
    expect(problemsOf(env)).toEqual([problem]);
  });

  test('names everything that is wrong at once, and says so to a reader', () => {
    const env = { TIERGATE_PORT: 'x', TIERGATE_REQUESTS_MAX: '0', TIERGATE_LOG_LEVEL: 'x', TIERGATE_X: '1' };
    const problems = problemsOf(env);
    expect(problems.map((line) => line.split(' ')[0]).toSorted()).toEqual(Object.keys(env).toSorted());
    expect(new SettingsError(problems).message).toBe(
      `The environment is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`,
    );
  });

  test('leaves the variables of others alone', () => {
    expect(problemsOf({ PATH: '/bin', tiergate_port: 'x', MY_TIERGATE_PORT: 'x' })).toEqual([]);
  });

  test('never shows a secret', () => {
    const canary = 'whsec_canary';
    const problems = problemsOf({
      TIERGATE_WEBHOOK_SECRET: canary,
      TIERGATE_CONVERSATION_SECRET: canary,
      OPENAI_API_KEY: canary,
      TIERGATE_PORT: 'x',
    });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain(canary);
  });

  test('gives one object that nobody can change', () => {
    const settings = readSettings({});
    expect(Object.isFrozen(settings)).toBe(true);
  });

  test('looks a secret up by the name of its variable, and keeps it out of what might be printed', () => {
    const settings = readSettings({ MY_KEY: 'canary' });
    expect([settings.secret('MY_KEY'), settings.secret('OTHER')]).toEqual(['canary', undefined]);
    expect(JSON.stringify(settings)).not.toContain('canary');
  });
});

describe('docs/settings.md', () => {
  const guide = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(([, name, cells]) => [
    name,
    ...(cells ?? '').split(' | '),
  ]);
  const own = rows.filter(([name]) => name?.startsWith('TIERGATE_'));
  const grouped = (value: number): string => value.toLocaleString('en');

  test('has exactly the numbers of the table, with defaults, bounds and words', () => {
    const wanted = numbers.map(([name, { default: value, min, max, about }]) => [
      name,
      grouped(value),
      `${grouped(min)} to ${grouped(max)}`,
      about,
    ]);
    const found = own.filter((row) => row.length === 5).map(([a, b, c, _unit, d]) => [a, b, c, d]);
    expect(found.toSorted()).toEqual(wanted.toSorted());
  });

  test.each(numbers)('gives %s the unit that is in its name', (name) => {
    const unit = own.find((row) => row[0] === name)?.[3] ?? '';
    const inName = /_(MS|BYTES|DAYS)(_|$)/.exec(name)?.[1]?.toLowerCase();
    expect(unit).toMatch(/^[a-z-]+$/);
    expect(['ms', 'bytes', 'days'].includes(unit) ? unit : undefined).toBe(inName);
  });

  test('has exactly the texts of the table, with defaults and words', () => {
    const shown = (value: string): string => `\`${value.startsWith(ROOT) ? relative(ROOT, value) : value}\``;
    const wanted = texts.map(([name, { default: value, about }]) => [
      name,
      value === '' ? 'none' : shown(value),
      about,
    ]);
    expect(own.filter((row) => row.length === 3).toSorted()).toEqual(wanted.toSorted());
    expect(own).toHaveLength(numbers.length + texts.length);
  });

  test("has exactly the others' variables that the code reads", () => {
    const NAME = /['"`]((?:OTEL|OPENAI|ANTHROPIC)_(?:[A-Z_]|\$\{signal\})+)['"`]/g;
    const read = globSync('src/**/*.ts', { cwd: ROOT })
      .flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(NAME)])
      .flatMap(([, name = '']) =>
        ['TRACES', 'METRICS'].map((signal) => name.replace(/\$\{signal\}/, signal)),
      );
    const others = rows.map(([name]) => name ?? '').filter((name) => !name.startsWith('TIERGATE_'));
    expect(others.toSorted()).toEqual([...new Set(read)].toSorted());
  });
});
