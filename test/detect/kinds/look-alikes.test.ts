/** What looks like an address or a number of somebody's, and is the name or number of something else. */
import { expect, test } from '@jest/globals';
import { findStructured } from '../../../src/detect/structured.ts';

const found = (text: string): string[] =>
  findStructured(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

test.each([
  'batch 744 575 0592 is ready',
  'part number 0227-441-3581',
  'ISSN 0378-5955, pages 12 to 20',
  'see doi:10.1234/j.cell.2019.03.041 for it',
  'a population of 4,097,053 (2019 census)',
  '09 050865 K 876',
  'EAN 4006381333931',
  'EAN-13: 4006381333931',
  'background@2x.png, icon@1.5x.webp',
  'FedEx 2341 2341 2346 has left',
  'it is 85231003831 there',
  '01110010 01100101 00100000 01110011 011011 01101101 1110010100101 00100100000',
  'パスワードは何ですか?',
])('%s', (text) => {
  expect(found(text)).toEqual([]);
});

test.each([
  ['my card 4111111111111111', 'CREDIT_CARD 4111111111111111'],
  ['17,020 7946 0000,open', 'PHONE_NUMBER 020 7946 0000'],
  ['call 0227-441-3581', 'PHONE_NUMBER 0227-441-3581'],
  ['call 415 555 0123 (2 pm)', 'PHONE_NUMBER 415 555 0123'],
  ['jane@2x.example', 'EMAIL_ADDRESS jane@2x.example'],
])('but %s is found', (text, finding) => {
  expect(found(text)).toEqual([finding]);
});
