/** Cards and accounts. */
import { pick, type Random } from '../../reading/random.ts';
import { grouped, ibanCheck, luhn, shaped, some } from './digits.ts';

const CARDS: readonly (readonly [string, number, readonly number[]])[] = [
  ['4', 16, [4, 4, 4, 4]],
  ['51', 16, [4, 4, 4, 4]],
  ['55', 16, [4, 4, 4, 4]],
  ['34', 15, [4, 6, 5]],
  ['37', 15, [4, 6, 5]],
  ['6011', 16, [4, 4, 4, 4]],
  ['2221', 16, [4, 4, 4, 4]],
  ['3530', 16, [4, 4, 4, 4]],
  ['36', 14, [4, 6, 4]],
];

export function card(random: Random): string {
  const [prefix, length, groups] = pick(CARDS, random);
  const body = prefix + some(random, length - prefix.length - 1);
  const number = body + luhn(body);
  return random() < 0.4 ? number : grouped(number, groups, pick([' ', '-'], random));
}

const ACCOUNTS: Readonly<Record<string, string>> = {
  DE: '##################',
  GB: 'AAAA##############',
  FR: '#######################',
  ES: '####################',
  IT: 'A######################',
  NL: 'AAAA##########',
  CH: '#################',
  AT: '################',
  BE: '############',
  PL: '########################',
  SE: '####################',
  PT: '#####################',
  IE: 'AAAA##############',
  NO: '###########',
  DK: '##############',
  FI: '##############',
  CZ: '####################',
  TR: '######################',
};

export function iban(random: Random): string {
  const country = pick(Object.keys(ACCOUNTS), random);
  const account = shaped(random, ACCOUNTS[country] ?? '');
  const whole = country + ibanCheck(country, account) + account;
  return random() < 0.5 ? whole : (whole.match(/.{1,4}/g) ?? []).join(' ');
}
