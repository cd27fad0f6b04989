import { describe, expect, test } from '@jest/globals';
import { initialsOf, namePartsOf, nameWords } from '../../../src/redact/placeholder/name-parts.ts';

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

test.each([['Anna'], ['王小明'], [''], ['a b c d e f g h i j']])('%s stays whole', (name) => {
  expect(namePartsOf(name)).toBeUndefined();
});

test.each([
  ['Mr. Smith', undefined, 'Smith', 'S.'],
  ['Frau Dr. van Dijk', undefined, 'van Dijk', 'D.'],
  ['Don Miller', 'Don', 'Miller', 'D.M.'],
  ['M. Dupont', 'M.', 'Dupont', 'M.D.'],
  ['Dr. Ing Novak', 'Ing', 'Novak', 'I.N.'],
])(
  '%s has what stands before its last name for a title, or for a first name',
  (name, first, last, initials) => {
    expect(namePartsOf(name)).toEqual({ first, last });
    expect(initialsOf(name)).toBe(initials);
  },
);

describe('one person', () => {
  const personOf = (name: string): string => nameWords(name).join(' ');

  test('is the same with and without a title before the whole name, and with a possessive', () => {
    const names = ['Anna Schmidt', 'Dr. Anna Schmidt', 'Frau Anna Schmidt’s', 'Schmidt, Anna'];
    expect(new Set(names.map(personOf))).toEqual(new Set(['Anna Schmidt']));
    expect(personOf('Mr. Miller’s')).toBe(personOf('Mr Miller'));
  });

  test.each([
    [['Miller', 'Mr Miller', 'Mrs Miller', 'Dr Miller', 'Don Miller', 'Pan Miller', 'M. Miller']],
    [['J Miller', 'Mr J Miller', 'Mrs J. Miller']],
  ])('is not another: %j', (names) => {
    expect(new Set(names.map(personOf)).size).toBe(names.length);
  });
});
