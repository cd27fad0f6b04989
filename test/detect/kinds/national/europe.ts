/** Numbers of other European countries. */
import {
  checked,
  date,
  filled,
  luhnDigit,
  type NationalNumber,
  number,
  pick,
  sum,
  two,
  until,
  validator,
} from './maker.ts';

const NIE = validator('es/nie');
const isCodice = validator('it/codicefiscale');
const isPersonnummer = validator('se/personnummer');

export const EUROPE: readonly NationalNumber[] = [
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
