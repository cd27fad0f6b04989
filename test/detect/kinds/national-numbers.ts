/**
 * Makers of valid numbers for each kind that an authority issues, and what people call them. The checks are those of the
 * package `stdnum`, asked until one holds, or written here from the published rule: none is the detector's own.
 */
import { createRequire } from 'node:module';
import type { EntityKind } from '../../../src/shapes.ts';

const require = createRequire(import.meta.url);
interface Validator {
  validate(text: string): { isValid: boolean };
}
const validator = (path: string): ((text: string) => boolean) => {
  const { validate } = require(`stdnum/lib/cjs/${path}.js`) as Validator;
  return (text) => validate(text).isValid;
};

/** A number from 0 to `below` - 1. */
export type Random = (below: number) => number;

const pick = (random: Random, from: string): string => from[random(from.length)] ?? '';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const two = (number: number): string => String(number).padStart(2, '0');

/** Fills a form: `9` a digit, `1` one that is not 0, `A` a letter, anything else itself. */
const filled = (random: Random, form: string): string =>
  form.replace(/[91A]/g, (sign) =>
    pick(random, sign === '9' ? '0123456789' : sign === '1' ? '123456789' : LETTERS),
  );

const date = (random: Random): readonly [year: string, month: string, day: string] => [
  two(random(100)),
  two(1 + random(12)),
  two(1 + random(28)),
];

/** Asks until `holds`. */
const until = (make: () => string, holds: (text: string) => boolean): string => {
  for (let i = 0; i < 100_000; i++) {
    const made = make();
    if (holds(made)) return made;
  }
  throw new Error('no such number');
};

/** What is left of a weighted sum. */
const sum = (digits: string, weights: readonly number[]): number =>
  weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
const cross = (number: number): number => Math.floor(number / 10) + (number % 10);
const luhnDigit = (digits: string): number => {
  const total = [...digits]
    .reverse()
    .reduce((all, char, i) => all + cross(Number(char) * (i % 2 === 0 ? 2 : 1)), 0);
  return (10 - (total % 10)) % 10;
};

/** Puts signs between groups: `grouped('536904399', '3-2-4')`. */
export const grouped = (compact: string, parting: string): string => {
  let at = 0;
  return parting.replace(/\d+/g, (length) => {
    at += Number(length);
    return compact.slice(at - Number(length), at);
  });
};

export interface NationalNumber {
  readonly kind: EntityKind;
  readonly make: (random: Random) => string;
  /** What people call it. */
  readonly words: readonly string[];
  /** The groups it is usually written in, if it is. */
  readonly parting?: string;
  /** Whether it needs no word: never, in its usual groups, or at all. */
  readonly alone: 'never' | 'parted' | 'always';
  /** Whether a number of its form with another last character is none. */
  readonly isChecked: boolean;
}

const NIE = validator('es/nie');
const isCodice = validator('it/codicefiscale');
const isIdnr = validator('de/idnr');
/** Since 2016 one digit of the first ten comes twice or three times, all others once or never. */
const hasOneRepeated = (digits: string): boolean => {
  const counts = [...new Set(digits)]
    .map((digit) => digits.split(digit).length - 1)
    .filter((count) => count > 1);
  return counts.length === 1 && (counts[0] ?? 0) <= 3;
};
const isRrn = validator('kr/rrn');
const isPersonnummer = validator('se/personnummer');
const number = (
  kind: EntityKind,
  make: (random: Random) => string,
  words: readonly string[],
  alone: NationalNumber['alone'],
  parting?: string,
  isChecked = true,
): NationalNumber => ({ kind, make, words, alone, isChecked, ...(parting === undefined ? {} : { parting }) });
const checked = (form: string, path: string): ((random: Random) => string) => {
  const holds = validator(path);
  return (random) => until(() => filled(random, form), holds);
};

const POSTCODES = ['SW1A1AA', 'M11AE', 'EC1A1BB', 'B338TH', 'CR26XH', 'DN551PT'];

const AMERICAS: readonly NationalNumber[] = [
  number(
    'US_SSN',
    checked('999999999', 'us/ssn'),
    ['SSN', 'social security number'],
    'parted',
    '3-2-4',
    false,
  ),
  number(
    'US_ITIN',
    (random) => `9${two(random(100))}${50 + random(16)}${filled(random, '9999')}`,
    ['ITIN', 'taxpayer identification number'],
    'parted',
    '3-2-4',
    false,
  ),
  number(
    'US_NPI',
    (random) => {
      const digits = `${1 + random(2)}${filled(random, '99999999')}`;
      return `${digits}${luhnDigit(`80840${digits}`)}`;
    },
    ['NPI', 'National Provider Identifier'],
    'never',
  ),
  number(
    'US_MBI',
    (random) => {
      const letter = (): string => pick(random, 'ACDEFGHJKMNPQRTUVWXY');
      const either = (): string => pick(random, '0123456789ACDEFGHJKMNPQRTUVWXY');
      return `${filled(random, '1')}${letter()}${either()}${random(10)}${letter()}${either()}${random(10)}${letter()}${letter()}${filled(random, '99')}`;
    },
    ['MBI', 'Medicare number'],
    'always',
    '4-3-4',
    false,
  ),
  number(
    'MEDICAL_LICENSE',
    (random) => {
      const digits = filled(random, '999999');
      return `${pick(random, 'ABFGMPR')}${filled(random, 'A')}${digits}${sum(digits, [1, 2, 1, 2, 1, 2]) % 10}`;
    },
    ['DEA number', 'DEA registration'],
    'always',
  ),
  number(
    'ABA_ROUTING_NUMBER',
    (random) =>
      until(
        () => `${pick(random, '0123')}${filled(random, '19999999')}`,
        (digits) =>
          sum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0 &&
          /^(?:0[1-9]|1[0-2]|2[1-9]|3[0-2])/.test(digits),
      ),
    ['routing number', 'ABA'],
    'never',
  ),
  number('CA_SIN', checked('199999999', 'ca/sin'), ['SIN', 'social insurance number'], 'never', '3 3 3'),
  number('BR_CPF', checked('99999999999', 'br/cpf'), ['CPF', 'CPF do cliente'], 'always', '3.3.3-2'),
];

const BRITAIN_AND_GERMANY: readonly NationalNumber[] = [
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
      return `${LETTERS[letter]}${digits}${luhnDigit(`${two(letter + 1)}${digits}`)}`;
    },
    ['Krankenversichertennummer', 'KVNR'],
    'always',
  ),
  number(
    'DE_ID_CARD',
    (random) => `L${filled(random, '9')}${pick(random, 'CFGHJK')}${filled(random, '999999')}`,
    ['Personalausweisnummer', 'Ausweisnummer'],
    'never',
    undefined,
    false,
  ),
  number(
    'DE_PASSPORT',
    (random) => `C${filled(random, '9')}${pick(random, 'CFGHJK')}${filled(random, '999999')}`,
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

const EUROPE: readonly NationalNumber[] = [
  number('ES_NIF', checked('99999999A', 'es/dni'), ['DNI', 'NIF'], 'always', '8-1'),
  number(
    'ES_NIE',
    (random) => until(() => `${pick(random, 'XYZ')}${filled(random, '9999999A')}`, NIE),
    ['NIE', 'número de identidad de extranjero'],
    'always',
    '1-7-1',
  ),
  number(
    'IT_FISCAL_CODE',
    (random) => {
      const [year, month, day] = date(random);
      const front = `${filled(random, 'AAAAAA')}${year}${'ABCDEHLMPRST'[Number(month) - 1]}${day}H501`;
      return until(() => front + filled(random, 'A'), isCodice);
    },
    ['codice fiscale', 'C.F.'],
    'always',
  ),
  number(
    'IT_VAT_CODE',
    (random) => {
      const digits = `${filled(random, '1999999')}058`;
      return `${digits}${luhnDigit(digits)}`;
    },
    ['partita IVA', 'P.IVA'],
    'never',
  ),
  number(
    'IT_IDENTITY_CARD',
    (random) => filled(random, 'AA99999AA'),
    ["carta d'identità", 'CIE'],
    'never',
    undefined,
    false,
  ),
  number(
    'IT_DRIVER_LICENSE',
    (random) => filled(random, 'AA9999999A'),
    ['patente di guida', 'patente'],
    'never',
    undefined,
    false,
  ),
  number(
    'FR_NIR',
    (random) => {
      const [year, month] = date(random);
      const front = `${1 + random(2)}${year}${month}75${filled(random, '999999')}`;
      return `${front}${two(97 - (Number(front) % 97))}`;
    },
    ['numéro de sécurité sociale', 'NIR'],
    'always',
    '1 2 2 2 3 3 2',
  ),
  number('TR_NATIONAL_ID', checked('19999999999', 'tr/tckimlik'), ['TC kimlik no', 'TCKN'], 'always'),
  number(
    'TR_LICENSE_PLATE',
    (random) => `34${filled(random, 'AA').replace(/[QWX]/g, 'B')}${filled(random, '1999')}`,
    ['plaka', 'plaka numarası'],
    'never',
    '2 2 4',
    false,
  ),
  number(
    'SE_PERSONNUMMER',
    (random) =>
      until(
        () => date(random).join('') + filled(random, '9999'),
        (digits) => isPersonnummer(`${digits.slice(0, 6)}-${digits.slice(6)}`),
      ),
    ['personnummer', 'pnr'],
    'parted',
    '6-4',
  ),
  number(
    'SE_ORGANISATIONSNUMMER',
    (random) => {
      const digits = `556${filled(random, '999999')}`;
      return `${digits}${luhnDigit(digits)}`;
    },
    ['organisationsnummer', 'org.nr'],
    'parted',
    '6-4',
  ),
  number(
    'FI_PERSONAL_IDENTITY_CODE',
    (random) => {
      const [year, month, day] = date(random);
      const serial = String(2 + random(898)).padStart(3, '0');
      return `${day}${month}${year}A${serial}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(`${day}${month}${year}${serial}`) % 31]}`;
    },
    ['henkilötunnus', 'HETU'],
    'always',
  ),
  number(
    'PL_PESEL',
    (random) => {
      const digits = date(random).join('') + filled(random, '9999');
      return `${digits}${(10 - (sum(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`;
    },
    ['PESEL'],
    'always',
  ),
  number('NL_BSN', checked('199999999', 'nl/bsn'), ['BSN', 'burgerservicenummer'], 'never'),
];

const ASIA_PACIFIC_AFRICA: readonly NationalNumber[] = [
  number(
    'IN_AADHAAR',
    checked('299999999999', 'in/aadhaar'),
    ['Aadhaar number', 'Aadhaar'],
    'parted',
    '4 4 4',
  ),
  number(
    'IN_PAN',
    (random) => `${filled(random, 'AAA')}P${filled(random, 'A1999A')}`,
    ['PAN', 'permanent account number'],
    'always',
    undefined,
    false,
  ),
  number(
    'IN_GSTIN',
    (random) =>
      until(
        () =>
          `27${filled(random, 'AAA')}P${filled(random, 'A1999A1')}Z${pick(random, `0123456789${LETTERS}`)}`,
        validator('in/gstin'),
      ),
    ['GSTIN'],
    'always',
  ),
  number(
    'IN_VOTER',
    (random) => filled(random, 'AAA9999999'),
    ['voter ID', 'EPIC number'],
    'never',
    undefined,
    false,
  ),
  number(
    'IN_PASSPORT',
    (random) => filled(random, 'A1999999'),
    ['Indian passport'],
    'never',
    undefined,
    false,
  ),
  number(
    'IN_VEHICLE_REGISTRATION',
    (random) => `MH12${filled(random, 'AA1999')}`,
    ['vehicle registration', 'car number'],
    'never',
    '2 2 2 4',
    false,
  ),
  number('AU_TFN', checked('199999999', 'au/tfn'), ['TFN', 'tax file number'], 'never', '3 3 3'),
  number(
    'AU_ABN',
    checked('19999999999', 'au/abn'),
    ['ABN', 'Australian Business Number'],
    'always',
    '2 3 3 3',
  ),
  number('AU_ACN', checked('999999999', 'au/acn'), ['ACN', 'Australian Company Number'], 'never', '3 3 3'),
  number(
    'AU_MEDICARE',
    (random) => {
      const digits = `${2 + random(5)}${filled(random, '9999999')}`;
      return `${digits}${sum(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10}${1 + random(9)}`;
    },
    ['Medicare number', 'Medicare card'],
    'parted',
    '4 5 1',
    false,
  ),
  number(
    'SG_NRIC_FIN',
    (random) => {
      const digits = filled(random, '9999999');
      return `S${digits}${'JZIHGFEDCBA'[sum(digits, [2, 7, 6, 5, 4, 3, 2]) % 11]}`;
    },
    ['NRIC', 'FIN'],
    'always',
  ),
  number('SG_UEN', checked('99999999A', 'sg/uen'), ['UEN', 'unique entity number'], 'never'),
  number(
    'KR_RRN',
    (random) =>
      until(
        () => date(random).join('') + filled(random, '9999999'),
        (digits) => /^.{6}[1-4]/.test(digits) && isRrn(digits),
      ),
    ['주민등록번호', 'RRN'],
    'parted',
    '6-7',
    false,
  ),
  number(
    'KR_FRN',
    (random) => `${date(random).join('')}${5 + random(4)}${filled(random, '999999')}`,
    ['외국인등록번호', 'foreigner registration number'],
    'parted',
    '6-7',
    false,
  ),
  number(
    'KR_BRN',
    checked('1199999999', 'kr/brn'),
    ['사업자등록번호', 'business registration number'],
    'parted',
    '3-2-5',
  ),
  number(
    'KR_PASSPORT',
    (random) => filled(random, 'A99999999').replace(/^./, 'M'),
    ['여권번호', 'Korean passport'],
    'never',
    undefined,
    false,
  ),
  number(
    'KR_DRIVER_LICENSE',
    (random) => `11${filled(random, '9999999999')}`,
    ['운전면허번호', "Korean driver's license"],
    'never',
    '2-2-6-2',
    false,
  ),
  number(
    'TH_TNIN',
    checked('1999999999999', 'th/idnr'),
    ['Thai national ID', 'เลขประจำตัวประชาชน'],
    'parted',
    '1-4-5-2-1',
  ),
  number(
    'CN_RESIDENT_ID',
    (random) => {
      const [year, month, day] = date(random);
      return until(
        () => `11010519${year}${month}${day}${filled(random, '999')}${pick(random, '0123456789X')}`,
        validator('cn/ric'),
      );
    },
    ['身份证号', 'Chinese ID'],
    'always',
  ),
  number(
    'NG_NIN',
    (random) => filled(random, '19999999999'),
    ['NIN', 'national identification number'],
    'never',
    undefined,
    false,
  ),
  number(
    'NG_VEHICLE_REGISTRATION',
    (random) => filled(random, 'AAA999AA'),
    ['plate number', 'vehicle registration'],
    'never',
    '3-5',
    false,
  ),
  number(
    'ZA_ID_NUMBER',
    (random) => {
      const digits = `${date(random).join('')}${filled(random, '9999')}08`;
      return `${digits}${luhnDigit(digits)}`;
    },
    ['South African ID number', 'SA ID'],
    'always',
  ),
];

export const NATIONAL_NUMBERS: readonly NationalNumber[] = [
  ...AMERICAS,
  ...BRITAIN_AND_GERMANY,
  ...EUROPE,
  ...ASIA_PACIFIC_AFRICA,
];
