import { describe, expect, test } from '@jest/globals';
import { expand, type Grammar, readGrammar } from '../../../../models/recipes/heads/grammar.ts';
import { templateRows } from '../../../../models/recipes/injection/rows.ts';
import { seededRandom } from '../../../../src/statistics/random.ts';

const grammar: Grammar = {
  slots: { who: ['Ann', '(Bob|Cid)'], again: ['{again}'] },
  attack: {},
  benign: { hello: ['hello'] },
};
const all = (template: string): Set<string> => {
  const random = seededRandom(1);
  return new Set(Array.from({ length: 200 }, () => expand(template, grammar, random)));
};

describe('a template', () => {
  test.each([
    ['plain words', ['plain words']],
    ['(a|b) c', ['a c', 'b c']],
    ['a(| b|(c|d))', ['a', 'a b', 'ac', 'ad']],
    ['{who}!', ['Ann!', 'Bob!', 'Cid!']],
    ['{hello} there', ['hello there']],
    ['one\\ntwo \\(three\\)', ['one\ntwo (three)']],
    ['(|x) , y', [', y', 'x, y']],
  ])('%s', (template, expected) => {
    expect([...all(template)].sort()).toEqual([...expected].sort());
  });
  test.each([
    ['{nobody}', 'no such slot'],
    ['(a|b', 'not closed'],
    ['{again}', 'too deeply'],
  ])('%s is refused', (template, sentence) => {
    expect(() => all(template)).toThrow(sentence);
  });
});

test('a grammar must have its parts', () => {
  expect(() => readGrammar('slots: {}', 'g.yaml')).toThrow('g.yaml: there is no `attack`');
});

test('our own templates all expand, the same every time, with both kinds in every language', () => {
  const rows = templateRows();
  expect(rows.length).toBeGreaterThan(10_000);
  expect(rows.filter(({ text }) => text === '' || /[{}]\w*[{}]|undefined/.test(text))).toEqual([]);
  const languages = new Set(rows.map(({ language }) => language));
  expect(languages.size).toBeGreaterThanOrEqual(12);
  for (const language of languages) {
    for (const isAttack of [true, false]) {
      const own = rows.filter((row) => row.language === language && row.isAttack === isAttack);
      expect(own.length).toBeGreaterThan(100);
    }
  }
  expect(templateRows()).toEqual(rows);
});
