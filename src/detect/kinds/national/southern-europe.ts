/** Numbers of Spain, France and Turkey. */
import { PLATE_WORDS, wordsOf } from '../../said/context.ts';
import type { NumberRow } from './row.ts';

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const nifLetter = (number: number): string => NIF_LETTERS[number % 23] ?? '';
const NIF_WORDS = wordsOf(
  'nif',
  'dni',
  'nie',
  'documento nacional',
  'identidad',
  'extranjer',
  'identificaci[óo]n fiscal',
);

export const SOUTHERN_EUROPE: readonly NumberRow[] = [
  {
    kind: 'ES_NIF',
    forms: ['99999999-A', '9999999-A', '99-999-999-A', '9-999-999-A', '99-999-999A'],
    holds: (compact) => nifLetter(Number(compact.slice(0, -1))) === compact.at(-1),
    words: NIF_WORDS,
    needsWord: 'never',
    partedBy: ' -.',
  },
  {
    kind: 'ES_NIE',
    forms: ['A-9999999-A', 'A9999999-A', 'A-9999999A'],
    holds: (compact) =>
      /^[XYZ]/.test(compact) &&
      nifLetter(Number('XYZ'.indexOf(compact[0] ?? '') + compact.slice(1, -1))) === compact.at(-1),
    words: NIF_WORDS,
    isRare: true,
    needsWord: 'never',
  },
  {
    kind: 'FR_NIR',
    forms: ['9-99-99-99-999-999-99', '9-99-99-9A-999-999-99', '9999999999999-99'],
    holds: isNir,
    words: wordsOf(
      's[ée]curit[ée] sociale',
      'nir',
      'insee',
      'num[ée]ro de s[ée]cu',
      'n[°o] ?s[ée]cu',
      'french social',
    ),
    isRare: true,
    needsWord: 'never',
    partedBy: ' -.',
  },
  {
    kind: 'TR_NATIONAL_ID',
    forms: ['99999999999', '999-999-999-99'],
    holds: isTckn,
    words: wordsOf(
      'tckn',
      't\\.?c\\.? ?(?:kimlik|no)',
      'kimlik',
      'vatandaşlık',
      'turkish id',
      'turkish national',
    ),
    isRare: true,
    needsWord: 'never',
  },
  {
    // Karayolları Trafik Yönetmeliği: a province from 01 to 81, letters of the Turkish alphabet, digits.
    kind: 'TR_LICENSE_PLATE',
    forms: ['A', 'AA', 'AAA'].flatMap((letters) =>
      ['99', '999', '9999', '99999'].map((digits) => `99-${letters}-${digits}`),
    ),
    holds: (compact) =>
      /^(?:0[1-9]|[1-7]\d|8[01])[A-PR-VYZ]{1,3}\d{2,5}$/.test(compact) && compact.length <= 9,
    words: PLATE_WORDS,
    needsWord: 'always',
  },
];

/** INSEE: 97 less the first thirteen digits modulo 97; Corsica's 2A and 2B count as 19 and 18. */
function isNir(compact: string): boolean {
  if (!/^[12]\d{4}(?:\d\d|2[AB])\d+$/.test(compact)) return false;
  const month = Number(compact.slice(3, 5));
  if (month < 1 || (month > 12 && month < 20)) return false;
  const number = Number(compact.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97 - (number % 97) === Number(compact.slice(13));
}

/** Nüfus ve Vatandaşlık İşleri: two check digits. */
function isTckn(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = [...digits].map(Number);
  const tenth = ((a + c + e + g + i) * 7 - (b + d + f + h) + 100) % 10;
  const eleventh = (a + b + c + d + e + f + g + h + i + tenth) % 10;
  return digits.endsWith(`${tenth}${eleventh}`);
}
