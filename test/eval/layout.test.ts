/** The evaluation stands beside the code that serves: it uses it, and nothing of it is used there. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LINES_MAX = 300;
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');
const filesIn = (folder: string): string[] => globSync(`${folder}/**/*.ts`, { cwd: ROOT }).sort();

test('nothing that serves imports the evaluation', () => {
  const users = filesIn('src').filter((file) => /from '[./]+\/eval\//.test(read(file)));
  expect(users).toEqual([]);
});

test('the evaluation imports src, and never a test', () => {
  const wrong = filesIn('eval').filter((file) => /from '[./]+\/(test|models|loadtest)\//.test(read(file)));
  expect(wrong).toEqual([]);
});

test('it learns and judges by the code that serves: no head of its own', () => {
  const learners = filesIn('eval').filter((file) => /\blearnIntent\(|\bcreateClassify\(/.test(read(file)));
  expect(learners).toEqual(['eval/tasks/learned-intents.ts', 'eval/tasks/shipped-heads.ts']);
});

test(`no file is longer than ${LINES_MAX} lines`, () => {
  const long = filesIn('eval').filter((file) => read(file).split('\n').length > LINES_MAX + 1);
  expect(long).toEqual([]);
});

test('measures know nothing but numbers', () => {
  const imports = filesIn('eval/measures').flatMap((file) =>
    [...read(file).matchAll(/from '([^']+)'/g)].map(([, name]) => name),
  );
  expect(new Set(imports)).toEqual(new Set(['../reading/random.ts', '../../src/statistics/selective.ts']));
});
