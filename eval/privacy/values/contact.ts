/** Addresses and numbers that people are reached by. */
import { pick, type Random } from '../../reading/random.ts';
import { between, grouped, shaped, some } from './digits.ts';

const FIRST = ['jane', 'amit', 'olga', 'wei', 'fatima', 'jose', 'anna', 'kwame', 'yuki', 'liam'];
const LAST = ['doe', 'sharma', 'petrova', 'zhang', 'hassan', 'garcia', 'nowak', 'mensah', 'sato', 'byrne'];
const HOSTS = [
  'brightlane.io',
  'mail.kestrel-post.org',
  'firma-huber.de',
  'westhaven.edu',
  'post.tamarind.co.uk',
  'volta-energia.it',
  'web.altamira.com.br',
];

export function email(random: Random): string {
  const [first, last] = [pick(FIRST, random), pick(LAST, random)];
  const local = pick(
    [
      `${first}.${last}`,
      `${first[0]}${last}`,
      `${last}_${between(random, 1, 99)}`,
      `${first}+news`,
      `${first}-${last}`,
      `${first}${between(random, 60, 99)}`,
    ],
    random,
  );
  return `${local}@${pick(HOSTS, random)}`;
}

/** Numbers that each country's plan has. */
const PHONES: readonly ((r: Random) => string)[] = [
  (r) => `(${pick(['212', '415', '303', '617'], r)}) ${between(r, 221, 989)}-${some(r, 4)}`,
  (r) => `+1 ${pick(['212', '415', '303', '617'], r)} ${between(r, 221, 989)} ${some(r, 4)}`,
  (r) => `${pick(['212', '415', '303'], r)}-${between(r, 221, 989)}-${some(r, 4)}`,
  (r) => `+44 7${pick(['700', '911', '400', '802'], r)} ${shaped(r, '######')}`,
  (r) => `020 7${some(r, 3)} ${some(r, 4)}`,
  (r) => `+49 30 ${shaped(r, '+#######')}`,
  (r) => `0171 ${shaped(r, '+######')}`,
  (r) => `+33 6 ${grouped(some(r, 8), [2, 2, 2, 2], ' ')}`,
  (r) => `+34 6${some(r, 8)}`,
  (r) => `+39 34${some(r, 1, '05789')} ${some(r, 7)}`,
  (r) => `+91 98${some(r, 3)} ${some(r, 5)}`,
  (r) => `+81 90-${shaped(r, '+###')}-${some(r, 4)}`,
  (r) => `+86 138 ${some(r, 4)} ${some(r, 4)}`,
  (r) => `+55 11 9${shaped(r, '####-####')}`,
  (r) => `+48 60${some(r, 1)} ${some(r, 3)} ${some(r, 3)}`,
];

export const phone = (random: Random): string => pick(PHONES, random)(random);
