/** Numbers of European countries but Germany. */
import { pick, type Random } from '../../reading/random.ts';
import {
  between,
  birthday,
  checked,
  digitsOf,
  grouped,
  LETTERS,
  luhn,
  shaped,
  some,
  weighted,
} from './digits.ts';
import type { MadeKind } from './kind.ts';

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
const nifLetter = (digits: string): string => NIF_LETTERS[Number(digits) % 23] ?? '';

const MONTHS = 'ABCDEHLMPRST';
/** What characters in odd places (the first, the third …) count, digits as the letters A to J. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function fiscalCode(random: Random): string {
  const { yy, mm, dd } = birthday(random);
  const day = String(Number(dd) + (random() < 0.5 ? 40 : 0)).padStart(2, '0');
  const body = `${shaped(random, pick(['RSSMRA', 'BNCGLI', 'VRDLCU', 'AAAAAA'], random))}${yy}${MONTHS[Number(mm) - 1]}${day}${pick(['H501', 'F205', 'L219', 'A944', 'Z404'], random)}`;
  const sum = [...body].reduce((total, sign, at) => {
    const value = /\d/.test(sign) ? Number(sign) : LETTERS.indexOf(sign);
    return total + (at % 2 === 0 ? (ODD[value] ?? 0) : value);
  }, 0);
  return body + LETTERS[sum % 26];
}

function pesel(random: Random): string {
  const { year, yy, mm, dd } = birthday(random);
  const month = String(Number(mm) + (year >= 2000 ? 20 : 0)).padStart(2, '0');
  const body = yy + month + dd + some(random, 4);
  return body + ((10 - (weighted(body, [1, 3, 7, 9]) % 10)) % 10);
}

function nir(random: Random): string {
  const { yy, mm } = birthday(random);
  const body = `${pick(['1', '2'], random)}${yy}${mm}${pick(['75', '13', '59', '33', '69'], random)}${some(random, 3, '12345678')}${shaped(random, '##+')}`;
  const key = String(97 - (Number(body) % 97)).padStart(2, '0');
  return random() < 0.5 ? `${grouped(body, [1, 2, 2, 2, 3, 3], ' ')} ${key}` : body + key;
}

function personnummer(random: Random): string {
  const { yyyy, yy, mm, dd } = birthday(random);
  const body = yy + mm + dd + some(random, 3);
  const tail = body.slice(6) + luhn(body);
  return `${random() < 0.3 ? yyyy : yy}${mm}${dd}-${tail}`;
}

function hetu(random: Random): string {
  const { year, yy, mm, dd } = birthday(random);
  const serial = String(between(random, 2, 899)).padStart(3, '0');
  const check = '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(dd + mm + yy + serial) % 31];
  return `${dd}${mm}${yy}${year >= 2000 ? 'A' : '-'}${serial}${check}`;
}

const bsn = (random: Random): string =>
  checked(
    () => shaped(random, '+#######'),
    (body) => {
      const rest = weighted(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
      return rest === 10 ? null : String(rest);
    },
  );

function turkishId(random: Random): string {
  const body = shaped(random, '+########');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = digitsOf(body);
  const tenth = ((((a + c + e + g + i) * 7 - (b + d + f + h)) % 10) + 10) % 10;
  return `${body}${tenth}${(a + b + c + d + e + f + g + h + i + tenth) % 10}`;
}

export const EUROPE: readonly MadeKind[] = [
  {
    kind: 'ES_NIF',
    words: { es: ['DNI', 'NIF', 'mi DNI', 'documento nacional de identidad'], en: ['Spanish DNI', 'NIF'] },
    fields: ['dni', 'nif'],
    isPlain: true,
    value: (random) => {
      const digits = some(random, 8);
      return `${digits}${pick(['', '', '-'], random)}${nifLetter(digits)}`;
    },
  },
  {
    kind: 'ES_NIE',
    words: { es: ['NIE', 'número de identidad de extranjero'], en: ['Spanish NIE', 'NIE'] },
    fields: ['nie', 'numero_nie'],
    isPlain: true,
    value: (random) => {
      const first = between(random, 0, 2);
      const digits = some(random, 7);
      const dash = pick(['', '-'], random);
      return `${'XYZ'[first]}${dash}${digits}${dash}${nifLetter(first + digits)}`;
    },
  },
  {
    kind: 'ES_PASSPORT',
    words: {
      es: ['pasaporte', 'número de pasaporte', 'pasaporte n.º'],
      en: ['Spanish passport number', 'passport'],
    },
    fields: ['pasaporte', 'numero_pasaporte', 'passport_number'],
    value: (random) => shaped(random, 'AAA######'),
  },
  {
    kind: 'IT_FISCAL_CODE',
    words: { it: ['codice fiscale', 'C.F.', 'CF'], en: ['Italian fiscal code', 'codice fiscale'] },
    fields: ['codice_fiscale', 'codiceFiscale', 'fiscal_code'],
    isPlain: true,
    value: fiscalCode,
  },
  {
    kind: 'IT_DRIVER_LICENSE',
    words: {
      it: ['patente', 'patente di guida', 'numero di patente'],
      en: ['Italian driving licence', 'driver license'],
    },
    fields: ['patente', 'numero_patente', 'driver_license'],
    value: (random) => shaped(random, pick(['U1*######A', 'AA#######A', 'U1A######A'], random)),
  },
  {
    kind: 'IT_VAT_CODE',
    words: { it: ['partita IVA', 'P.IVA', 'P. IVA'], en: ['Italian VAT number', 'VAT code'] },
    fields: ['partita_iva', 'piva', 'vat_code'],
    value: (random) =>
      checked(() => `0${shaped(random, '######')}${pick(['001', '015', '058', '063'], random)}`, luhn),
  },
  {
    kind: 'IT_PASSPORT',
    words: {
      it: ['passaporto', 'numero di passaporto', 'passaporto n.'],
      en: ['Italian passport number', 'passport'],
    },
    fields: ['passaporto', 'numero_passaporto', 'passport_number'],
    value: (random) => shaped(random, 'AA#######'),
  },
  {
    kind: 'IT_IDENTITY_CARD',
    words: {
      it: ["carta d'identità", 'carta identità', 'CIE', "numero carta d'identità"],
      en: ['Italian identity card', 'identity card number'],
    },
    fields: ['carta_identita', 'numero_carta_identita', 'identity_card'],
    value: (random) =>
      shaped(random, pick(['CA#####AA', 'AA#######', 'AA ########'], random).replace('########', '#######')),
  },
  {
    kind: 'PL_PESEL',
    words: { pl: ['PESEL', 'numer PESEL', 'mój PESEL'], en: ['PESEL', 'Polish PESEL number'] },
    fields: ['pesel', 'numer_pesel'],
    isPlain: true,
    value: pesel,
  },
  {
    kind: 'FR_NIR',
    words: {
      fr: ['numéro de sécurité sociale', 'NIR', 'n° de sécu', 'numéro INSEE'],
      en: ['French social security number', 'NIR'],
    },
    fields: ['nir', 'numero_securite_sociale'],
    isPlain: true,
    value: nir,
  },
  {
    kind: 'SE_PERSONNUMMER',
    words: {
      sv: ['personnummer', 'mitt personnummer', 'pnr'],
      en: ['Swedish personal number', 'personnummer'],
    },
    fields: ['personnummer', 'personal_number'],
    isPlain: true,
    value: personnummer,
  },
  {
    kind: 'SE_ORGANISATIONSNUMMER',
    words: {
      sv: ['organisationsnummer', 'org.nr', 'orgnr'],
      en: ['Swedish organisation number', 'organisationsnummer'],
    },
    fields: ['organisationsnummer', 'orgnr'],
    value: (random) => {
      const body = `556${some(random, 6)}`;
      return `${body.slice(0, 6)}-${body.slice(6)}${luhn(body)}`;
    },
  },
  {
    kind: 'FI_PERSONAL_IDENTITY_CODE',
    words: {
      fi: ['henkilötunnus', 'hetu', 'henkilötunnukseni'],
      en: ['Finnish personal identity code', 'HETU'],
    },
    fields: ['henkilotunnus', 'hetu'],
    isPlain: true,
    value: hetu,
  },
  {
    kind: 'NL_BSN',
    words: { nl: ['BSN', 'burgerservicenummer', 'BSN-nummer'], en: ['Dutch BSN', 'citizen service number'] },
    fields: ['bsn', 'burgerservicenummer'],
    value: (random) => {
      const number = bsn(random);
      return random() < 0.3 ? grouped(number, [4, 2, 3], '.') : number;
    },
  },
  {
    kind: 'TR_NATIONAL_ID',
    words: {
      tr: ['T.C. kimlik no', 'TC kimlik numarası', 'TCKN', 'kimlik numarası'],
      en: ['Turkish national ID', 'TCKN'],
    },
    fields: ['tckn', 'tc_kimlik_no'],
    value: turkishId,
  },
  {
    kind: 'TR_LICENSE_PLATE',
    words: { tr: ['plaka', 'araç plakası', 'plaka no'], en: ['Turkish licence plate', 'license plate'] },
    fields: ['plaka', 'arac_plaka', 'license_plate'],
    value: (random) =>
      `${pick(['34', '06', '35', '07', '16'], random)} ${shaped(random, pick(['AAA ###', 'AA ###', 'AA ####', 'A ####'], random)).replace(/[QWX]/g, 'K')}`,
  },
];
