/** Numbers of countries of Asia, the Pacific, Africa and South America. */
import { pick, type Random } from '../../reading/random.ts';
import {
  ALPHANUMERIC,
  between,
  birthday,
  checked,
  digitsOf,
  grouped,
  LETTERS,
  luhn,
  shaped,
  some,
  verhoeff,
  weighted,
} from './digits.ts';
import type { MadeKind } from './kind.ts';

const pan = (random: Random): string =>
  `${shaped(random, 'AAA')}${pick([...'PPPCHF'], random)}${shaped(random, 'A####A')}`;

/** GSTIN: base 36, every other value twice, quotient and remainder added. */
function gstin(random: Random): string {
  const body = `${pick(['27', '29', '07', '33', '09', '24'], random)}${pan(random)}${pick(['1', '2'], random)}Z`;
  const sum = [...body].reduce((total, sign, at) => {
    const product = ALPHANUMERIC.indexOf(sign) * (at % 2 === 0 ? 1 : 2);
    return total + Math.floor(product / 36) + (product % 36);
  }, 0);
  return body + ALPHANUMERIC[(36 - (sum % 36)) % 36];
}

const tfn = (random: Random): string =>
  checked(
    () => shaped(random, '+#######'),
    (body) => {
      const sum = weighted(body, [1, 4, 3, 7, 5, 8, 6, 9]);
      const check = [...'0123456789'].find((digit) => (sum + Number(digit) * 10) % 11 === 0);
      return check ?? null;
    },
  );

function abn(random: Random): string {
  const tail = some(random, 9);
  const sum = weighted(`00${tail}`, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  // The first two digits, less ten for the first, make the sum a multiple of 89.
  for (let head = 11; head < 100; head += 1) {
    if ((sum + (Math.floor(head / 10) - 1) * 10 + (head % 10)) % 89 === 0) return `${head}${tail}`;
  }
  return abn(random);
}

const acn = (random: Random): string => {
  const body = some(random, 8);
  return `${body}${(10 - (weighted(body, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10}`;
};

const medicare = (random: Random): string => {
  const body = some(random, 1, '23456') + some(random, 7);
  return `${body}${weighted(body, [1, 3, 7, 9, 1, 3, 7, 9]) % 10}${between(random, 1, 5)}`;
};

function nric(random: Random): string {
  const prefix = pick([...'SSTTFG'], random);
  const digits = some(random, 7);
  const sum = weighted(digits, [2, 7, 6, 5, 4, 3, 2]) + (prefix === 'T' || prefix === 'G' ? 4 : 0);
  return `${prefix}${digits}${('ST'.includes(prefix) ? 'JZIHGFEDCBA' : 'XWUTRQPNMLK')[sum % 11]}`;
}

function uen(random: Random): string {
  if (random() < 0.5) {
    const digits = some(random, 8);
    return digits + 'XMKECAWLJDB'[weighted(digits, [10, 4, 9, 3, 8, 2, 7, 1]) % 11];
  }
  const digits = between(random, 1985, 2023) + some(random, 5);
  return digits + 'ZKCMDNERGWH'[weighted(digits, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11];
}

/** Resident (century and sex 1 to 4) and foreign (5 to 8) registration numbers differ by two in the check digit. */
function koreanNumber(random: Random, isForeign: boolean): string {
  const { year, yy, mm, dd } = birthday(random);
  const sex = between(random, 1, 2) + (year >= 2000 ? 2 : 0) + (isForeign ? 4 : 0);
  const body = `${yy}${mm}${dd}${sex}${isForeign ? some(random, 5) : `0${some(random, 4)}`}`;
  const sum = weighted(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  const check = ((isForeign ? 13 : 11) - (sum % 11)) % 10;
  return `${body.slice(0, 6)}-${body.slice(6)}${check}`;
}

function businessNumber(random: Random): string {
  const body = `${between(random, 101, 899)}${pick(['81', '86', '01', '12', '85'], random)}${some(random, 4)}`;
  const last = digitsOf(body)[8] ?? 0;
  const check =
    (10 - ((weighted(body, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((last * 5) / 10)) % 10)) % 10;
  return grouped(body + check, [3, 2, 5], '-');
}

function thaiNumber(random: Random): string {
  const body = shaped(random, '+###########').replace(/^9/, '1');
  const check = (11 - (weighted(body, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
  return random() < 0.5 ? grouped(body + check, [1, 4, 5, 2, 1], '-') : body + check;
}

function chineseId(random: Random): string {
  const { yyyy, mm, dd } = birthday(random);
  const body = `${pick(['110101', '310104', '440305', '510107', '330106', '430102'], random)}${yyyy}${mm}${dd}${some(random, 3)}`;
  return body + '10X98765432'[weighted(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11];
}

function cpf(random: Random): string {
  const check = (digits: string): number => {
    const sum = digitsOf(digits).reduce((total, digit, at) => total + digit * (digits.length + 1 - at), 0);
    return ((sum * 10) % 11) % 10;
  };
  const body = some(random, 9);
  const ten = body + check(body);
  const all = ten + check(ten);
  return random() < 0.6 ? `${grouped(all.slice(0, 9), [3, 3, 3], '.')}-${all.slice(9)}` : all;
}

const southAfrican = (random: Random): string => {
  const { yy, mm, dd } = birthday(random);
  return checked(() => `${yy}${mm}${dd}${some(random, 4)}${pick(['0', '1'], random)}8`, luhn);
};

export const ASIA_PACIFIC_AFRICA_AMERICAS: readonly MadeKind[] = [
  {
    kind: 'IN_AADHAAR',
    words: {
      en: ['Aadhaar', 'Aadhaar number', 'aadhar no', 'UIDAI number'],
      hi: ['आधार', 'आधार नंबर', 'आधार संख्या'],
    },
    fields: ['aadhaar', 'aadhaar_number', 'aadhar_no'],
    value: (random) =>
      grouped(
        checked(() => some(random, 1, '23456789') + some(random, 10), verhoeff),
        pick([[4, 4, 4], [12]], random),
        ' ',
      ),
  },
  {
    kind: 'IN_PAN',
    words: { en: ['PAN', 'PAN card', 'permanent account number', 'PAN number'] },
    fields: ['pan_number', 'pan_card'],
    isPlain: true,
    value: pan,
  },
  {
    kind: 'IN_PASSPORT',
    words: { en: ['Indian passport number', 'passport no.', 'passport'], hi: ['पासपोर्ट', 'पासपोर्ट नंबर'] },
    fields: ['passport_number', 'passport_no'],
    value: (random) => `${some(random, 1, 'ABCDEFGHJKLMNPRSTUVWY')}${shaped(random, '+#####+')}`,
  },
  {
    kind: 'IN_VOTER',
    words: { en: ['voter ID', 'EPIC number', 'voter id card number', 'election card number'] },
    fields: ['voter_id', 'epic_no'],
    value: (random) => {
      const digits = some(random, 6);
      return `${some(random, 3, LETTERS)}${digits}${luhn(digits)}`;
    },
  },
  {
    kind: 'IN_GSTIN',
    words: { en: ['GSTIN', 'GST number', 'GST registration number'] },
    fields: ['gstin', 'gst_number'],
    isPlain: true,
    value: gstin,
  },
  {
    kind: 'IN_VEHICLE_REGISTRATION',
    words: { en: ['vehicle registration number', 'RC number', 'vehicle number', 'number plate'] },
    fields: ['vehicle_registration', 'registration_number', 'vehicle_number'],
    value: (random) => {
      const gap = pick(['', ' ', '-'], random);
      return [
        pick(['MH', 'DL', 'KA', 'TN', 'UP'], random),
        pick(['12', '01', '09', '05'], random),
        some(random, 2, 'ABCDEFGHJKLMNPQRSTUVWXYZ'),
        shaped(random, '+###'),
      ].join(gap);
    },
  },
  {
    kind: 'AU_TFN',
    words: { en: ['tax file number', 'TFN', 'tax file no.'] },
    fields: ['tfn', 'tax_file_number'],
    value: (random) => grouped(tfn(random), pick([[3, 3, 3], [9]], random), ' '),
  },
  {
    kind: 'AU_ABN',
    words: { en: ['ABN', 'Australian Business Number', 'ABN no.'] },
    fields: ['abn', 'australian_business_number'],
    value: (random) => grouped(abn(random), pick([[2, 3, 3, 3], [11]], random), ' '),
  },
  {
    kind: 'AU_ACN',
    words: { en: ['ACN', 'Australian Company Number'] },
    fields: ['acn', 'australian_company_number'],
    value: (random) => grouped(acn(random), pick([[3, 3, 3], [9]], random), ' '),
  },
  {
    kind: 'AU_MEDICARE',
    words: { en: ['Medicare number', 'Medicare card', 'medicare no.', 'Australian Medicare card number'] },
    fields: ['medicare', 'medicare_number', 'medicareCard'],
    value: (random) => grouped(medicare(random), pick([[4, 5, 1], [10]], random), ' '),
  },
  {
    kind: 'SG_NRIC_FIN',
    words: { en: ['NRIC', 'FIN', 'NRIC/FIN', 'Singapore NRIC'] },
    fields: ['nric', 'fin', 'nric_fin'],
    isPlain: true,
    value: nric,
  },
  {
    kind: 'SG_UEN',
    words: { en: ['UEN', 'unique entity number', 'business registration number (UEN)'] },
    fields: ['uen', 'unique_entity_number'],
    value: uen,
  },
  {
    kind: 'KR_RRN',
    words: { ko: ['주민등록번호', '주민번호'], en: ['Korean resident registration number', 'RRN'] },
    fields: ['rrn', 'resident_registration_number', 'jumin'],
    isPlain: true,
    value: (random) => koreanNumber(random, false),
  },
  {
    kind: 'KR_FRN',
    words: {
      ko: ['외국인등록번호'],
      en: ['foreigner registration number', 'Korean FRN', 'alien registration number'],
    },
    fields: ['frn', 'foreigner_registration_number'],
    isPlain: true,
    value: (random) => koreanNumber(random, true),
  },
  {
    kind: 'KR_BRN',
    words: { ko: ['사업자등록번호', '사업자번호'], en: ['Korean business registration number', 'BRN'] },
    fields: ['brn', 'business_registration_number'],
    value: businessNumber,
  },
  {
    kind: 'KR_PASSPORT',
    words: { ko: ['여권번호', '여권'], en: ['Korean passport number', 'passport'] },
    fields: ['passport_number', 'yeogwon'],
    value: (random) => shaped(random, pick(['M########', 'M###A####', 'S########'], random)),
  },
  {
    kind: 'KR_DRIVER_LICENSE',
    words: {
      ko: ['운전면허번호', '운전면허', '면허번호'],
      en: ['Korean driver license', "driver's license number"],
    },
    fields: ['driver_license', 'license_number'],
    value: (random) => `${between(random, 11, 26)}-${shaped(random, '##-######-##')}`,
  },
  {
    kind: 'TH_TNIN',
    words: { th: ['เลขประจำตัวประชาชน', 'เลขบัตรประชาชน'], en: ['Thai national ID', 'Thai ID card number'] },
    fields: ['thai_id', 'national_id', 'citizen_id'],
    value: thaiNumber,
  },
  {
    kind: 'CN_RESIDENT_ID',
    words: {
      zh: ['身份证号', '身份证号码', '公民身份号码'],
      en: ['Chinese ID number', 'resident identity card'],
    },
    fields: ['id_card', 'shenfenzheng', 'resident_id'],
    isPlain: true,
    value: chineseId,
  },
  {
    kind: 'BR_CPF',
    words: { pt: ['CPF', 'meu CPF', 'número do CPF'], en: ['CPF', 'Brazilian CPF'] },
    fields: ['cpf', 'numero_cpf'],
    value: cpf,
  },
  {
    kind: 'NG_NIN',
    words: { en: ['NIN', 'national identification number', 'Nigerian NIN', 'NIMC number'] },
    fields: ['nin', 'national_identification_number'],
    value: (random) => checked(() => shaped(random, '+#########'), verhoeff),
  },
  {
    kind: 'NG_VEHICLE_REGISTRATION',
    words: { en: ['plate number', 'vehicle registration', 'number plate', 'license plate'] },
    fields: ['plate_number', 'vehicle_registration'],
    value: (random) => shaped(random, pick(['AAA-###AA', 'AAA ###AA', 'AAA###AA'], random)),
  },
  {
    kind: 'ZA_ID_NUMBER',
    words: { en: ['South African ID number', 'RSA ID', 'SA ID number', 'identity number'] },
    fields: ['sa_id', 'id_number', 'rsa_id_number'],
    value: southAfrican,
  },
];
