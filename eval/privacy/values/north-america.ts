/** Numbers of the United States and Canada. */
import { pick, type Random } from '../../reading/random.ts';
import { between, checked, digitsOf, grouped, luhn, shaped, some, weighted } from './digits.ts';
import type { MadeKind } from './kind.ts';

function ssn(random: Random): string {
  const area = between(random, 1, 899);
  if (area === 666) return ssn(random);
  return `${String(area).padStart(3, '0')}-${String(between(random, 1, 99)).padStart(2, '0')}-${String(between(random, 1, 9999)).padStart(4, '0')}`;
}

const itin = (random: Random): string => {
  const group = pick(
    [between(random, 50, 65), between(random, 70, 88), between(random, 90, 92), between(random, 94, 99)],
    random,
  );
  return `9${some(random, 2)}-${group}-${some(random, 4)}`;
};

/** Weights 3, 7, 1; the first two digits are a district of the Federal Reserve. */
const routing = (random: Random): string =>
  checked(
    () => pick(['01', '02', '03', '05', '07', '09', '11', '12', '21', '26', '31'], random) + some(random, 6),
    (body) => String((10 - (weighted(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10),
  );

function mbi(random: Random): string {
  const letter = (): string => some(random, 1, 'ACDEFGHJKMNPQRTUVWXY');
  const either = (): string => some(random, 1, '0123456789ACDEFGHJKMNPQRTUVWXY');
  const parts = [
    `${some(random, 1, '123456789')}${letter()}${either()}${some(random, 1)}`,
    `${letter()}${either()}${some(random, 1)}`,
    `${letter()}${letter()}${some(random, 2)}`,
  ];
  return parts.join(pick(['-', ''], random));
}

/** DEA registration: the first, third and fifth digit, and twice the others. */
const dea = (random: Random): string => {
  const body = some(random, 6);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = digitsOf(body);
  return `${pick([...'ABFGMPR'], random)}${shaped(random, 'A')}${body}${(a + c + e + 2 * (b + d + f)) % 10}`;
};

const LICENCES = [
  'A#######',
  '#########',
  'A###-###-##-###-#',
  '########',
  'A############',
  'A###-####-####',
  'AA######',
];

export const NORTH_AMERICA: readonly MadeKind[] = [
  {
    kind: 'US_SSN',
    words: { en: ['SSN', 'social security number', 'Social Security', 'social security no.'] },
    fields: ['ssn', 'social_security_number', 'socialSecurityNumber'],
    value: (random) => (random() < 0.3 ? ssn(random).replaceAll('-', '') : ssn(random)),
  },
  {
    kind: 'US_ITIN',
    words: { en: ['ITIN', 'individual taxpayer identification number', 'taxpayer ID'] },
    fields: ['itin', 'taxpayer_id'],
    value: (random) => (random() < 0.3 ? itin(random).replaceAll('-', '') : itin(random)),
  },
  {
    kind: 'US_PASSPORT',
    words: { en: ['US passport number', 'passport number', 'passport #', 'passport'] },
    fields: ['us_passport', 'passport_number', 'passportNo'],
    value: (random) => shaped(random, pick(['+########', 'A########'], random)),
  },
  {
    kind: 'US_DRIVER_LICENSE',
    words: {
      en: ["driver's license", 'driver license number', 'drivers license', 'DL#', "driver's license no."],
    },
    fields: ['driver_license', 'drivers_license_number', 'dl_number'],
    value: (random) => shaped(random, pick(LICENCES, random)),
  },
  {
    kind: 'US_BANK_NUMBER',
    words: {
      en: ['bank account number', 'account number', 'checking account', 'savings account number', 'acct no.'],
    },
    fields: ['account_number', 'bank_account', 'bankAccountNumber'],
    value: (random) => shaped(random, '+').concat(some(random, between(random, 8, 14))),
  },
  {
    kind: 'ABA_ROUTING_NUMBER',
    words: { en: ['routing number', 'ABA', 'ABA routing number', 'bank routing number', 'RTN'] },
    fields: ['routing_number', 'aba', 'routingNumber'],
    value: routing,
  },
  {
    kind: 'US_NPI',
    words: { en: ['NPI', 'national provider identifier', 'NPI number', 'provider NPI'] },
    fields: ['npi', 'provider_npi', 'npi_number'],
    value: (random) => {
      const body = pick(['1', '2'], random) + some(random, 8);
      return body + luhn(`80840${body}`);
    },
  },
  {
    kind: 'US_MBI',
    words: { en: ['MBI', 'Medicare number', 'Medicare Beneficiary Identifier', 'Medicare ID'] },
    fields: ['mbi', 'medicare_id', 'medicareBeneficiaryId'],
    isPlain: true,
    value: mbi,
  },
  {
    kind: 'MEDICAL_LICENSE',
    words: { en: ['DEA number', 'DEA', 'DEA registration', 'DEA #'] },
    fields: ['dea_number', 'dea'],
    isPlain: true,
    value: dea,
  },
  {
    kind: 'CA_SIN',
    words: {
      en: ['SIN', 'social insurance number', 'Canadian SIN'],
      fr: ["numéro d'assurance sociale", 'NAS'],
    },
    fields: ['sin', 'social_insurance_number'],
    value: (random) =>
      grouped(
        checked(() => some(random, 1, '1234567') + some(random, 7), luhn),
        pick([[3, 3, 3], [9]], random),
        pick([' ', '-'], random),
      ),
  },
];
