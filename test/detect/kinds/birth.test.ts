/** Dates of birth: many ways to write a day, in many languages, and nothing without a word. */
import { describe, expect, test } from '@jest/globals';
import { birth } from '../../../src/detect/kinds/birth.ts';
import { Subject } from '../../../src/detect/subject.ts';

const found = (text: string): string[] =>
  birth.find(new Subject(text)).map(({ start, end }) => text.slice(start, end));

const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['date of birth', 'DOB', 'born on', 'birthday'],
  de: ['Geburtsdatum', 'geboren am'],
  fr: ['date de naissance', 'née le'],
  es: ['fecha de nacimiento', 'nacido el'],
  it: ['data di nascita', 'nato il'],
  pt: ['data de nascimento', 'nascido em'],
  nl: ['geboortedatum', 'geboren op'],
  pl: ['data urodzenia', 'ur.'],
  sv: ['födelsedatum', 'född'],
  tr: ['doğum tarihi'],
  ru: ['дата рождения'],
  fi: ['syntynyt'],
  no: ['fødselsdato'],
};

/** A day as a language writes it, and as forms and programs do. */
function written(language: string, day: Date): string[] {
  const local = (month: 'long' | 'short'): string =>
    day
      .toLocaleDateString(language, { timeZone: 'UTC', day: 'numeric', month, year: 'numeric' })
      .replace(/ г\.$/, '');
  const [y, m, d] = day.toISOString().slice(0, 10).split('-');
  return [
    local('long'),
    local('short'),
    `${y}-${m}-${d}`,
    `${d}.${m}.${y}`,
    `${d}/${m}/${y}`,
    `${y}${m}${d}`,
  ];
}

describe.each(Object.entries(WORDS))('in %s', (language, words) => {
  test.each(words)('%s', (word) => {
    for (let month = 0; month < 12; month++) {
      for (const value of written(language, new Date(Date.UTC(1985, month, 9 + month)))) {
        expect(found(`so, ${word}: ${value}, yes`)).toContain(value);
      }
    }
  });
});

test.each([
  ['12 April 1985 is my date of birth', '12 April 1985'],
  ["born 12 Apr '85", "12 Apr '85"],
  ['Dates of birth: 12/04/1985', '12/04/1985'],
  ['DOBs: 12/04/1985', '12/04/1985'],
  ['Geburtsdaten: 12.04.1985', '12.04.1985'],
  ['the 3rd of May 1990 (birthday)', '3rd of May 1990'],
  ['name,dob\nJane,1985-04-12', '1985-04-12'],
  ['I was born in 1985.', '1985'],
  ['Geburtsjahr: 1985', '1985'],
  ['customer:\n  date_of_birth: "1985-04-12"\n  tier: gold\n', '1985-04-12'],
  ['{"dateOfBirth":"1985-04-12"}', '1985-04-12'],
  ['birth_date=12.04.1985', '12.04.1985'],
  ['fecha_nacimiento=1985-04-12', '1985-04-12'],
])('%s', (text, value) => {
  expect(found(text)).toContain(value);
});

test.each(['Invoice of 12.04.1985', 'It has been so since 12 April 1985.', 'in 1985', 'DOB: 31.02.1985'])(
  '%s holds none',
  (text) => {
    expect(found(text)).toEqual([]);
  },
);
