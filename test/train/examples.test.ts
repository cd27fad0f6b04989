import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readTrainingSet } from '../../src/train/examples.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}
const SIX = 'text,intent\na1,A\na2,A\nb1,b\nb2,b\nc1,Ç?\nc2,Ç?\n';

test('reads a spreadsheet: names as they were written, rows as the spreadsheet counts them', async () => {
  const set = await readTrainingSet(file('t.csv', `${SIX}stranger,\nanother,OOS\nA1,b\n`));
  expect(set.names).toEqual(['A', 'b', 'Ç?']);
  expect(set.examples[2]).toEqual({ text: 'b1', label: 1, line: 4 });
  expect(set.outOfScope).toEqual([
    { text: 'stranger', line: 8 },
    { text: 'another', line: 9 },
  ]);
  expect(set.repeats).toEqual([{ line: 10, intent: 'b', firstLine: 2, firstIntent: 'A' }]);
});

test('an intent with one example is left out, with a word; names that look like one are told', async () => {
  const set = await readTrainingSet(file('t.csv', `${SIX}only me,rare\nd1,B\nd2,B\n`));
  expect(set.names).toEqual(['A', 'b', 'Ç?', 'B']);
  expect(set.examples.at(-1)).toEqual({ text: 'd2', label: 3, line: 10 });
  expect(set.warnings).toEqual([
    '`rare` has one example only, so it is not learned: add more.',
    'The intents `b` and `B` look like one.',
  ]);
});

test.each([
  ['o.txt', 'hello\n\n how are you \n'],
  ['o.jsonl', '{"text":"hello"}\n{"text":"how are you","intent":"x"}'],
  ['o.csv', 'text\nhello\nhow are you\n'],
  ['o.yaml', '- hello\n- how are you\n'],
])('reads out-of-scope messages from %s', async (name, content) => {
  const { outOfScope } = await readTrainingSet(file('t.csv', SIX), file(name, content));
  expect(outOfScope).toEqual([
    { text: 'hello', line: null },
    { text: 'how are you', line: null },
  ]);
});

describe('what cannot be learned from is refused with its place', () => {
  test.each([
    [
      't.csv',
      'text,intent\na1,A\na2,A\nb1,b\nb2,b\nc1,c\n',
      /t\.csv:1:1: The file needs at least 3 intents with 2 examples or more each, and has 2/,
    ],
    ['t.csv', 'text,intent\na,b\n', /t\.csv:1:1: The file has 1 labels and needs at least 3/],
    ['t.jsonl', '{"text":"a"}', /t\.jsonl:1:1: Each line must be/],
    ['t.xlsx', 'PK', /saved as CSV/],
  ])('%s %j', async (name, content, message) => {
    await expect(readTrainingSet(file(name, content))).rejects.toThrow(message);
  });
  test('a file that is not there', async () => {
    await expect(readTrainingSet(join(folder, 'no.csv'))).rejects.toThrow('There is no such file');
    await expect(readTrainingSet(file('t.csv', SIX), join(folder, 'no.txt'))).rejects.toThrow(
      'There is no such file',
    );
  });
});
