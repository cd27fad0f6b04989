import { expect, test } from '@jest/globals';
import { initialsOf, namePartsOf, nameWords } from '../../src/redact/name-parts.ts';

test.each([
  ['Anna Schmidt', 'Anna', 'Schmidt', 'A.S.'],
  ['Dr. Anna van Dijk', 'Anna', 'van Dijk', 'A.D.'],
  ['Prof. Dr. Ludwig van Beethoven', 'Ludwig', 'van Beethoven', 'L.B.'],
  ['John Q. Public Jr.', 'John', 'Public', 'J.Q.P.'],
  ['Schmidt, Anna', 'Anna', 'Schmidt', 'A.S.'],
  ['Martin Luther King, Jr.', 'Martin', 'King', 'M.L.K.'],
  ["Anna Schmidt's", 'Anna', 'Schmidt', 'A.S.'],
  ['Александр Пушкин', 'Александр', 'Пушкин', 'А.П.'],
])('%s has a first and a last name', (name, first, last, initials) => {
  expect(namePartsOf(name)).toEqual({ first, last });
  expect(initialsOf(name)).toBe(initials);
});

test.each([['Anna'], ['Mr. Smith'], ['王小明'], [''], ['a b c d e f g h i j']])('%s stays whole', (name) => {
  expect(namePartsOf(name)).toBeUndefined();
});

test('a title or a possessive makes no other name', () => {
  expect(nameWords('Frau Dr. Schmidt’s')).toEqual(['Schmidt']);
});
