/** Numbers of Asia, the Pacific and Africa. */
import {
  checked,
  date,
  filled,
  LETTERS,
  luhnDigit,
  type NationalNumber,
  number,
  pick,
  sum,
  until,
  validator,
} from './maker.ts';

const isRrn = validator('kr/rrn');

export const ASIA_PACIFIC_AFRICA: readonly NationalNumber[] = [
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
    ['vehicle registration', 'car number', 'RC number'],
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
    ['Thai national ID', 'เลขประจำตัวประชาชน', 'citizen ID'],
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
