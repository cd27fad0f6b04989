/** Bad policies and bad tests, each with the exact words that its author gets to read beside it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/decide/decide.ts';
import { runPolicyTests } from '../../src/policy/cases.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { PolicyError } from '../../src/policy/problem.ts';
import { vocabulary } from './vocabulary.ts';

const read = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const names = (folder: string, ending: string): string[] =>
  readdirSync(new URL(`fixtures/${folder}`, import.meta.url))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length));

function reportOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof PolicyError) return `${error.refusal}\n\n${error.message}\n`;
    throw error;
  }
  return 'accepted';
}

describe('a bad policy is refused with the words beside it', () => {
  test.each(names('.', '.yaml'))('%s', (name) => {
    const file = `${name}.yaml`;
    expect(reportOf(() => compilePolicy(read(file), file, vocabulary))).toBe(read(`${name}.expected.txt`));
  });
});

describe('bad tests are refused with the words beside them', () => {
  const policy = compilePolicy(read('tests/policy.yaml'), 'policy.yaml', vocabulary);
  test.each(names('tests', '.test.yaml'))('%s', (name) => {
    const file = `${name}.test.yaml`;
    const run = () => runPolicyTests(policy, read(`tests/${file}`), file, vocabulary, decide);
    expect(reportOf(run)).toBe(read(`tests/${name}.expected.txt`));
  });
});
