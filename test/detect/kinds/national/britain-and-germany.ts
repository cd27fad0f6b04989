/** Numbers of the United Kingdom and Germany. */
import {
  checked,
  cross,
  date,
  filled,
  LETTERS,
  type NationalNumber,
  number,
  pick,
  sum,
  two,
  until,
  validator,
} from './maker.ts';

const isIdnr = validator('de/idnr');
/** Since 2016 one digit of the first ten comes twice or three times, all others once or never. */
const hasOneRepeated = (digits: string): boolean => {
  const counts = [...new Set(digits)]
    .map((digit) => digits.split(digit).length - 1)
    .filter((count) => count > 1);
  return counts.length === 1 && (counts[0] ?? 0) <= 3;
};
const POSTCODES = ['SW1A1AA', 'M11AE', 'EC1A1BB', 'B338TH', 'CR26XH', 'DN551PT'];

export const BRITAIN_AND_GERMANY: readonly NationalNumber[] = [
  number(
    'UK_NHS',
    (random) =>
      until(
        () => filled(random, '1999999999'),
        (digits) => sum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
      ),
    ['NHS number', 'NHS no.'],
    'never',
    '3 3 4',
  ),
  number(
    'UK_NINO',
    checked('AA999999A', 'gb/nino'),
    ['National Insurance number', 'NI number'],
    'always',
    '2 2 2 2 1',
    false,
  ),
  number(
    'UK_DRIVING_LICENCE',
    (random) => {
      const [year, month, day] = date(random);
      return (
        `${filled(random, 'AAAAA').slice(random(3))}99`.slice(0, 5).padEnd(5, '9') +
        `${year[0]}${month}${day}${year[1]}${filled(random, 'A')}9${filled(random, '9AA')}`
      );
    },
    ['driving licence number', 'DVLA licence'],
    'always',
    undefined,
    false,
  ),
  number(
    'UK_POSTCODE',
    (random) => POSTCODES[random(POSTCODES.length)] ?? '',
    ['postcode', 'post code'],
    'never',
    undefined,
    false,
  ),
  number(
    'UK_VEHICLE_REGISTRATION',
    (random) =>
      `${filled(random, 'AA').replace(/[IQZ]/g, 'B')}${two(51 + random(24))}${filled(random, 'AAA').replace(/[IQ]/g, 'B')}`,
    ['number plate', 'vehicle registration'],
    'never',
    '4 3',
    false,
  ),
  number(
    'DE_TAX_ID',
    (random) =>
      until(
        () => filled(random, '19999999999'),
        (digits) => isIdnr(digits) && hasOneRepeated(digits.slice(0, 10)),
      ),
    ['Steuer-ID', 'Steueridentifikationsnummer'],
    'parted',
    '2 3 3 3',
  ),
  number(
    'DE_TAX_NUMBER',
    (random) => filled(random, '19999999999'),
    ['Steuernummer', 'St.-Nr.'],
    'never',
    '3/3/5',
    false,
  ),
  number(
    'DE_SOCIAL_SECURITY',
    (random) => {
      const [year, month, day] = date(random);
      const letter = random(26);
      const serial = filled(random, '99');
      const area = filled(random, '19');
      const digits = `${area}${day}${month}${year}${two(letter + 1)}${serial}`;
      const check = [...digits].reduce(
        (total, char, i) => total + cross(Number(char) * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][i] ?? 0)),
        0,
      );
      return `${area}${day}${month}${year}${LETTERS[letter]}${serial}${check % 10}`;
    },
    ['Rentenversicherungsnummer', 'Sozialversicherungsnummer'],
    'always',
    '2 6 1 3',
  ),
  number(
    'DE_HEALTH_INSURANCE',
    (random) => {
      const letter = random(26);
      const digits = filled(random, '99999999');
      // Anlage 1 of the guideline on section 290 SGB V: the sum itself modulo 10, not what it lacks to ten as in Luhn.
      const weighted = [...`${two(letter + 1)}${digits}`].map((char, i) =>
        cross(Number(char) * (1 + (i % 2))),
      );
      return `${LETTERS[letter]}${digits}${weighted.reduce((total, product) => total + product) % 10}`;
    },
    ['Krankenversichertennummer', 'KVNR'],
    'always',
  ),
  number(
    'DE_ID_CARD',
    (random) =>
      `L${filled(random, '9')}${pick(random, 'CFGHJK')}${filled(random, random(2) === 0 ? 'CXTHVZ' : '999999')}`,
    ['Personalausweisnummer', 'Ausweisnummer', 'ID card number'],
    'never',
    undefined,
    false,
  ),
  number(
    'DE_PASSPORT',
    (random) => {
      const few = random(2) === 0 ? `${pick(random, 'CFGHJK')}XT${pick(random, 'LMNPR')}V9` : '999999';
      return `C${filled(random, '9')}${pick(random, 'CFGHJK')}${filled(random, few)}`;
    },
    ['Reisepassnummer', 'German passport'],
    'never',
    undefined,
    false,
  ),
  number(
    'DE_FUEHRERSCHEIN',
    (random) => filled(random, 'A9999999999'),
    ['Führerscheinnummer', 'Führerschein'],
    'never',
    undefined,
    false,
  ),
  number(
    'DE_KFZ',
    (random) => `M${filled(random, 'AA1999')}`,
    ['Kennzeichen', 'Nummernschild'],
    'never',
    '1-2 4',
    false,
  ),
  number(
    'DE_HANDELSREGISTER',
    (random) => `HR${pick(random, 'AB')}${filled(random, '19999')}`,
    ['Handelsregister'],
    'always',
    '3 5',
    false,
  ),
  number(
    'DE_VAT_ID',
    (random) => `DE${checked('199999999', 'de/vat')(random)}`,
    ['USt-IdNr.', 'VAT ID'],
    'always',
  ),
  number(
    'DE_LANR',
    (random) => {
      const digits = filled(random, '999999');
      return `${digits}${(10 - (sum(digits, [4, 9, 4, 9, 4, 9]) % 10)) % 10}${filled(random, '99')}`;
    },
    ['LANR', 'Lebenslange Arztnummer'],
    'never',
    undefined,
    false,
  ),
  number(
    'DE_BSNR',
    (random) => `71${filled(random, '9999991')}`,
    ['BSNR', 'Betriebsstättennummer'],
    'never',
    undefined,
    false,
  ),
  number('DE_PLZ', (random) => filled(random, '19999'), ['PLZ', 'Postleitzahl'], 'never', undefined, false),
];
