/** Numbers of the United Kingdom. */
import { pick, type Random } from '../../reading/random.ts';
import { between, birthday, checked, grouped, shaped, some, weighted } from './digits.ts';
import type { MadeKind } from './kind.ts';

function nino(random: Random): string {
  const first = pick([...'ABCEGHJKLMNOPRSTWXYZ'], random);
  const second = pick([...'ABCEGHJKLMNPRSTWXYZ'], random);
  if (['BG', 'GB', 'NK', 'KN', 'TN', 'NT', 'ZZ'].includes(first + second)) return nino(random);
  const [digits, suffix] = [some(random, 6), pick([...'ABCD'], random)];
  return random() < 0.5
    ? `${first}${second} ${grouped(digits, [2, 2, 2], ' ')} ${suffix}`
    : `${first}${second}${digits}${suffix}`;
}

function nhs(random: Random): string {
  const number = checked(
    () => some(random, 9),
    (body) => {
      const check = (11 - (weighted(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
      return check === 10 ? null : String(check);
    },
  );
  return grouped(number, pick([[3, 3, 4], [10]], random), ' ');
}

function drivingLicence(random: Random): string {
  const { year, mm, dd } = birthday(random, 1940, 2004);
  const surname = pick(['MORGA', 'SMITH', 'LEE99', 'PATEL', 'OKAFO', 'JONES'], random);
  const month = String(Number(mm) + (random() < 0.5 ? 50 : 0)).padStart(2, '0');
  return `${surname}${Math.floor((year % 100) / 10)}${month}${dd}${year % 10}${shaped(random, 'A')}${pick(['9', 'M', 'J'], random)}9${shaped(random, 'AA')}`;
}

const OUTWARD = ['SW1A', 'M', 'EH', 'LS', 'CF', 'W1T', 'B', 'N', 'OX'];
function postcode(random: Random): string {
  const area = pick(OUTWARD, random);
  const outward = /\d/.test(area) ? area : `${area}${between(random, 1, 30)}`;
  return `${outward} ${some(random, 1)}${some(random, 2, 'ABDEFGHJLNPQRSTUWXYZ')}`;
}

export const UNITED_KINGDOM: readonly MadeKind[] = [
  {
    kind: 'UK_NHS',
    words: { en: ['NHS number', 'NHS no.', 'NHS No', 'national health service number'] },
    fields: ['nhs_number', 'nhsNumber'],
    value: nhs,
  },
  {
    kind: 'UK_NINO',
    words: { en: ['National Insurance number', 'NI number', 'NINO', 'NI no.'] },
    fields: ['nino', 'ni_number', 'nationalInsuranceNumber'],
    isPlain: true,
    value: nino,
  },
  {
    kind: 'UK_PASSPORT',
    words: { en: ['UK passport number', 'British passport', 'passport no', 'passport number'] },
    fields: ['passport_number', 'ukPassport'],
    value: (random) => shaped(random, pick(['+########', 'AA#######'], random)),
  },
  {
    kind: 'UK_DRIVING_LICENCE',
    words: { en: ['driving licence', 'driving licence number', 'DVLA licence number', 'driver number'] },
    fields: ['driving_licence', 'drivingLicenceNumber'],
    isPlain: true,
    value: drivingLicence,
  },
  {
    kind: 'UK_POSTCODE',
    words: { en: ['postcode', 'post code', 'postal code'] },
    fields: ['postcode', 'post_code'],
    value: postcode,
  },
  {
    kind: 'UK_VEHICLE_REGISTRATION',
    words: { en: ['vehicle registration', 'number plate', 'reg plate', 'car registration', 'VRN'] },
    fields: ['vehicle_registration', 'number_plate', 'vrn'],
    value: (random) =>
      `${some(random, 2, 'ABCDEFGHKLMNOPRSVWXY')}${pick(['02', '15', '19', '21', '57', '68', '72'], random)}${pick([' ', ''], random)}${some(random, 3, 'ABCDEFGHJKLMNPRSTUVWXYZ')}`,
  },
];
