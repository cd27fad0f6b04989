/** German numbers. */
import { pick, type Random } from '../../reading/random.ts';
import {
  between,
  birthday,
  checked,
  digitsOf,
  grouped,
  LETTERS,
  mod11and10,
  shaped,
  some,
  weighted,
} from './digits.ts';
import type { MadeKind } from './kind.ts';

/** Letters that the serial numbers of passports and identity cards use: no vowels, nothing that looks like another. */
const SERIAL = 'CFGHJKLMNPRTVWXYZ';

/** ICAO 9303: weights 7, 3, 1; letters count from 10. */
export function icaoCheck(text: string): string {
  const sum = [...text].reduce(
    (total, sign, at) => total + Number.parseInt(sign, 36) * ([7, 3, 1][at % 3] ?? 0),
    0,
  );
  return String(sum % 10);
}

function serial(random: Random, first: string): string {
  const body = pick([...first], random) + some(random, 8, `${SERIAL}0123456789`);
  return random() < 0.4 ? body + icaoCheck(body) : body;
}

/** Identification number: of the first ten digits one stands twice or three times (§ 139b AO). */
export function taxId(random: Random): string {
  const order = [...'0123456789'].sort(() => random() - 0.5);
  const [twice = '0', ...rest] = order;
  const body = [twice, twice, ...rest.slice(0, 8)].sort(() => random() - 0.5).join('');
  return body.startsWith('0') ? taxId(random) : body + mod11and10(body);
}

const crossSum = (value: number): number => Math.floor(value / 10) + (value % 10);
const letterDigits = (letter: string): string => String(LETTERS.indexOf(letter) + 1).padStart(2, '0');
const crossWeighted = (text: string, weights: readonly number[]): number =>
  digitsOf(text).reduce((sum, digit, at) => sum + crossSum(digit * (weights[at % weights.length] ?? 0)), 0) %
  10;

function pensionNumber(random: Random): string {
  const { dd, mm, yy } = birthday(random);
  const letter = some(random, 1, LETTERS);
  const [head, serialNumber] = [
    pick(['02', '04', '08', '09', '10', '12', '13', '15', '17', '19', '24', '65'], random) + dd + mm + yy,
    some(random, 2),
  ];
  const check = crossWeighted(
    head + letterDigits(letter) + serialNumber,
    [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1],
  );
  const written = `${head}${letter}${serialNumber}${check}`;
  return random() < 0.4
    ? `${written.slice(0, 2)} ${written.slice(2, 8)} ${written.slice(8, 9)} ${written.slice(9)}`
    : written;
}

function healthNumber(random: Random): string {
  const letter = some(random, 1, LETTERS);
  const body = some(random, 8);
  return `${letter}${body}${crossWeighted(letterDigits(letter) + body, [1, 2])}`;
}

function drivingLicence(random: Random): string {
  const body = shaped(random, 'A###') + some(random, 5, `0123456789${LETTERS}`);
  const sum = [...body].reduce((total, sign, at) => total + Number.parseInt(sign, 36) * (9 - at), 0) % 11;
  return `${body}${sum === 10 ? 'X' : sum}${between(random, 1, 9)}`;
}

const lanr = (random: Random): string => {
  const body = some(random, 1, '123456789') + some(random, 5);
  return `${body}${(10 - (weighted(body, [4, 9]) % 10)) % 10}${pick(['01', '03', '11', '34', '50', '68'], random)}`;
};

export const GERMANY: readonly MadeKind[] = [
  {
    kind: 'DE_TAX_ID',
    words: {
      de: ['Steuer-ID', 'Steueridentifikationsnummer', 'IdNr.', 'Steuerliche Identifikationsnummer'],
      en: ['German tax ID', 'Steuer-ID'],
    },
    fields: ['steuer_id', 'steuerIdentifikationsnummer', 'tax_id'],
    value: (random) => {
      const id = taxId(random);
      return random() < 0.4 ? grouped(id, [2, 3, 3], ' ') : id;
    },
  },
  {
    kind: 'DE_TAX_NUMBER',
    words: { de: ['Steuernummer', 'St.-Nr.', 'Steuer-Nr.'], en: ['German tax number', 'Steuernummer'] },
    fields: ['steuernummer', 'steuer_nr'],
    value: (random) =>
      shaped(random, pick(['##/###/#####', '###/###/#####', '###/####/####', '0## ### #####'], random)),
  },
  {
    kind: 'DE_PASSPORT',
    words: {
      de: ['Reisepass', 'Reisepassnummer', 'Passnummer', 'Pass-Nr.'],
      en: ['German passport number', 'passport no.'],
    },
    fields: ['reisepassnummer', 'passnummer', 'passport_number'],
    value: (random) => serial(random, 'CFGHJK'),
  },
  {
    kind: 'DE_ID_CARD',
    words: {
      de: ['Personalausweis', 'Personalausweisnummer', 'Ausweisnummer', 'Ausweis-Nr.'],
      en: ['German ID card number', 'identity card number'],
    },
    fields: ['personalausweisnummer', 'ausweisnummer', 'id_card_number'],
    value: (random) => serial(random, 'LMNPRTVWXYZ'),
  },
  {
    kind: 'DE_SOCIAL_SECURITY',
    words: {
      de: ['Rentenversicherungsnummer', 'Sozialversicherungsnummer', 'SV-Nummer', 'RVNR'],
      en: ['German social security number'],
    },
    fields: ['sozialversicherungsnummer', 'rentenversicherungsnummer', 'rvnr'],
    isPlain: true,
    value: pensionNumber,
  },
  {
    kind: 'DE_HEALTH_INSURANCE',
    words: {
      de: ['Krankenversichertennummer', 'KVNR', 'Versichertennummer', 'Krankenversicherungsnummer'],
      en: ['German health insurance number'],
    },
    fields: ['kvnr', 'versichertennummer', 'krankenversichertennummer'],
    isPlain: true,
    value: healthNumber,
  },
  {
    kind: 'DE_FUEHRERSCHEIN',
    words: {
      de: ['Führerschein', 'Führerscheinnummer', 'Führerschein-Nr.'],
      en: ['German driving licence number', 'driver license'],
    },
    fields: ['fuehrerscheinnummer', 'fuehrerschein_nr', 'driver_license'],
    value: drivingLicence,
  },
  {
    kind: 'DE_KFZ',
    words: {
      de: ['Kennzeichen', 'Kfz-Kennzeichen', 'Nummernschild', 'amtliches Kennzeichen'],
      en: ['German licence plate', 'license plate'],
    },
    fields: ['kennzeichen', 'kfz_kennzeichen', 'license_plate'],
    value: (random) =>
      `${pick(['B', 'M', 'HH', 'KA', 'STD', 'F', 'DD'], random)}${pick(['-', ' '], random)}${shaped(random, pick(['AA +###', 'A +##', 'AA +#'], random))}`,
  },
  {
    kind: 'DE_HANDELSREGISTER',
    words: {
      de: [
        'Handelsregister',
        'Handelsregisternummer',
        'Registergericht Amtsgericht Ulm',
        'eingetragen unter',
      ],
      en: ['commercial register', 'Handelsregister number'],
    },
    fields: ['handelsregister', 'handelsregisternummer'],
    value: (random) => `${pick(['HRB', 'HRA'], random)} ${between(random, 1_000, 299_999)}`,
  },
  {
    kind: 'DE_VAT_ID',
    words: { de: ['USt-IdNr.', 'Umsatzsteuer-ID', 'USt-ID'], en: ['German VAT ID', 'VAT number'] },
    fields: ['ust_id', 'vat_id', 'umsatzsteuer_id'],
    isPlain: true,
    value: (random) => `DE${checked(() => shaped(random, '+#######'), mod11and10)}`,
  },
  {
    kind: 'DE_LANR',
    words: {
      de: ['LANR', 'Arztnummer', 'lebenslange Arztnummer'],
      en: ['LANR', 'German physician number (LANR)'],
    },
    fields: ['lanr', 'arztnummer'],
    value: lanr,
  },
  {
    kind: 'DE_BSNR',
    words: { de: ['BSNR', 'Betriebsstättennummer', 'Betriebsstätten-Nr.'], en: ['BSNR'] },
    fields: ['bsnr', 'betriebsstaettennummer'],
    value: (random) => pick(['38', '52', '71', '02', '17', '20'], random) + some(random, 7),
  },
  {
    kind: 'DE_PLZ',
    words: { de: ['PLZ', 'Postleitzahl', 'PLZ/Ort'], en: ['German postcode', 'postal code', 'zip code'] },
    fields: ['plz', 'postleitzahl', 'postal_code'],
    value: (random) => shaped(random, pick(['1####', '5####', '8####', '0+###'], random)),
  },
];
