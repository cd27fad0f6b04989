/** What has a personal number's shape and is none: a wrong check digit, no word beside it, another thing's number. */
import { createHash } from 'node:crypto';
import { pick, type Random } from '../../reading/random.ts';
import { filled, type Row, type SetOfRows } from '../row.ts';
import { ALPHANUMERIC, between, luhn, mod11and10, shaped, some } from '../values/digits.ts';
import { MADE_KINDS } from '../values/kinds.ts';
import { drawn } from './draw.ts';

const EACH = 16;

/** Kinds whose check digit tells them from chance: the last sign changed makes them nothing. */
const WITH_CHECK = [
  'CREDIT_CARD',
  'IBAN_CODE',
  'ES_NIF',
  'ES_NIE',
  'IT_FISCAL_CODE',
  'PL_PESEL',
  'FR_NIR',
  'SE_PERSONNUMMER',
  'FI_PERSONAL_IDENTITY_CODE',
  'SG_NRIC_FIN',
  'CN_RESIDENT_ID',
  'IN_GSTIN',
  'DE_VAT_ID',
  'CRYPTO',
  'MEDICAL_LICENSE',
  'DE_SOCIAL_SECURITY',
  'DE_HEALTH_INSURANCE',
];
/** Kinds that are nothing without a word beside them. */
const WEAK = [
  'UK_NHS',
  'ABA_ROUTING_NUMBER',
  'US_NPI',
  'US_BANK_NUMBER',
  'US_PASSPORT',
  'US_DRIVER_LICENSE',
  'UK_PASSPORT',
  'DE_PLZ',
  'DE_BSNR',
  'DE_LANR',
  'IN_PASSPORT',
  'ES_PASSPORT',
  'IT_PASSPORT',
  'IT_IDENTITY_CARD',
  'IT_DRIVER_LICENSE',
  'AU_TFN',
  'AU_ACN',
  'NG_NIN',
  'KR_PASSPORT',
  'PASSPORT',
  'NL_BSN',
  'IT_VAT_CODE',
  'UK_VEHICLE_REGISTRATION',
  'TR_LICENSE_PLATE',
  'IN_VOTER',
  'MEDICAL_RECORD_NUMBER',
];

const NEUTRAL = [
  'The reference is {value}, please keep it.',
  'Item {value} was added to the basket.',
  'see {value} in the attached list',
  'batch {value} passed the test',
  '{value}',
  'Order number {value} has not arrived yet.',
  'Article {value} costs 12.50',
  'build {value} finished in 4 minutes',
];

/** Another last sign of the same sort. */
function spoiled(value: string, random: Random): string {
  const at = value.search(/[\p{L}\p{N}](?=[^\p{L}\p{N}]*$)/u);
  const old = value[at] ?? '';
  const alphabet = /\d/.test(old)
    ? '0123456789'
    : /[a-z]/.test(old)
      ? 'acdefghjklmnpqrstuvwxyz'
      : 'ABCDEFGHJKLMNPQRSTUVWXYZ';
  return (
    value.slice(0, at) +
    pick(
      [...alphabet].filter((sign) => sign !== old),
      random,
    ) +
    value.slice(at + 1)
  );
}

/** An Ethereum address in small letters has no check to be wrong. */
function madeOf(kind: string, random: Random): string {
  const made = MADE_KINDS.find((each) => each.kind === kind);
  if (made === undefined) throw new Error(`Nothing makes ${kind}.`);
  for (;;) {
    const value = made.value(random);
    if (!value.startsWith('0x') && !/^PLZ /.test(value)) return value;
  }
}

const hash = (name: string, random: Random): string =>
  createHash(name).update(String(random())).digest('hex');

/** Things that are known by numbers too. */
const OTHERS: Readonly<Record<string, readonly ((random: Random) => string)[]>> = {
  books: [
    (r) => {
      const body = `978${some(r, 9)}`;
      return `ISBN ${body}${eanCheck(body)}`;
    },
    (r) => {
      const body = `400${some(r, 9)}`;
      return `EAN ${body}${eanCheck(body)}`;
    },
    (r) => {
      const body = `978${some(r, 9)}`;
      return `the book ${body}${eanCheck(body)} is sold out`;
    },
  ],
  parcels: [
    (r) => `tracking number 1Z${some(r, 6, ALPHANUMERIC)}03${some(r, 8)}`,
    (r) => `tracking: 9400 1000 0000 ${some(r, 4)} ${some(r, 4)} ${some(r, 2)}`,
    (r) => `parcel RR${some(r, 9)}DE left the depot`,
    (r) => `shipment ${some(r, 12)} is on its way`,
    (r) => `order 113-${some(r, 7)}-${some(r, 7)} delivered`,
  ],
  versions: [
    (r) =>
      `version ${between(r, 1, 20)}.${between(r, 0, 255)}.${between(r, 0, 255)}.${between(r, 1, 255)} crashes at start`,
    (r) =>
      `firmware v${between(r, 1, 9)}.${between(r, 0, 9)}.${between(r, 0, 99)}.${between(r, 1, 9)} released`,
    (r) =>
      `npm install left-pad@${between(r, 1, 9)}.${between(r, 1, 20)}.${between(r, 1, 20)} @types/node@2${between(r, 0, 4)}.1.0`,
  ],
  addresses: [
    () => 'listening on 127.0.0.1:8080',
    () => 'bind 0.0.0.0 and netmask 255.255.255.0',
    () => '::1 is localhost',
    (r) => `see https://docs.example.com/guide?page=${between(r, 1, 90)}&lang=en`,
    (r) => `logo@${between(r, 2, 3)}x.png is blurry`,
    () => '@channel please review @all',
    () => 'import x from "@scope/pkg"',
  ],
  hashes: [
    (r) => `commit ${hash('sha1', r)}`,
    (r) => `md5 ${hash('md5', r)}`,
    (r) => `digest sha256:${hash('sha256', r)}`,
    (r) => `fixed in ${hash('sha1', r).slice(0, 9)}`,
    (r) => `id: ${uuid(r)}`,
    (r) => `"request_id": "${uuid(r)}"`,
    (r) => `etag W/"${hash('md5', r).slice(0, 20)}"`,
  ],
  times: [
    (r) => `created_at=17${some(r, 8)}`,
    (r) => `"ts": 17${some(r, 11)}`,
    (r) =>
      `from 2024-0${between(r, 1, 9)}-1${between(r, 0, 9)} to 2025-0${between(r, 1, 9)}-2${between(r, 0, 8)}`,
    (r) =>
      `at 1${between(r, 0, 9)}:2${between(r, 0, 9)}:3${between(r, 0, 9)} on 0${between(r, 1, 9)}.11.2024`,
    (r) => `2024${shaped(r, '0+1#')}${shaped(r, '1#3#0#')}`,
    (r) => `The invoice of ${between(r, 1, 28)} March 20${between(r, 10, 25)} is due`,
  ],
  money: [
    (r) => `total 1${some(r, 2)},${some(r, 3)},${some(r, 3)}.${some(r, 2)}`,
    (r) => `EUR ${between(r, 1, 9)}.${some(r, 3)}.${some(r, 3)},${some(r, 2)}`,
    (r) => `budget: ${shaped(r, '+########')} USD`,
    (r) => `$ ${shaped(r, '+,###,###.##')}`,
  ],
  parts: [
    (r) => `part number ${shaped(r, '####-###-####')}`,
    (r) => `SKU ${shaped(r, '##-####-####')}`,
    (r) => `model ${shaped(r, 'AA-####')} rev ${shaped(r, 'A#')}`,
    (r) => `Ersatzteil ${shaped(r, '### ### ## ##')}`,
    (r) => `serial pattern ${shaped(r, 'AAA-###')} on the box`,
    (r) => `drawing ${shaped(r, 'A## ####')}`,
    (r) => `lot ${shaped(r, 'A########')}`,
  ],
  code: [
    (r) => `const LIMIT = ${shaped(r, '+#########')};`,
    (r) => `x = 0x${hash('md5', r).slice(0, 8)}`,
    (r) => `uint64_t seed = ${shaped(r, '+#################')}ULL;`,
    (r) => `hex dump: ${hash('md5', r).slice(0, 12).match(/../g)?.join(' ')}`,
    (r) => `color: #${hash('md5', r).slice(0, 6)}; z-index: ${shaped(r, '9999+')};`,
    (r) => `[${Array.from({ length: 9 }, () => between(r, 0, 9)).join(', ')}]`,
    (r) => `${Array.from({ length: 16 }, () => between(r, 0, 9)).join(' ')}`,
  ],
  secrets: [
    () => 'I forgot my password and the reset link is broken',
    () => 'password: ********',
    () => 'api_key: YOUR_API_KEY',
    () => 'set TOKEN=$MY_TOKEN first',
    () => 'the secret sauce is garlic',
    () => 'the token limit is 128000 tokens',
    () => 'scikit-learn is imported as sklearn',
    () => 'Authorization: Bearer <token>',
    () => 'my password does not work any more',
    () => 'password = os.environ["DB_PASSWORD"]',
  ],
  births: [
    (r) => `The company was founded on ${between(r, 1, 28)} May 19${between(r, 50, 99)}.`,
    (r) => `expires ${shaped(r, '0+')}/20${between(r, 26, 35)}`,
    (r) => `released on ${between(r, 1, 28)}.0${between(r, 1, 9)}.20${between(r, 10, 25)}`,
    (r) => `The bridge opened in 19${between(r, 10, 99)}, rebuilt 20${between(r, 10, 25)}-05-01`,
  ],
  'numbers with a check of something else': [
    (r) => {
      const body = shaped(r, '9##########');
      return `loyalty point total ${body}${luhn(`${body}0`)}`;
    },
    (r) => `meter reading ${shaped(r, '+######')} kWh`,
    (r) => {
      const body = shaped(r, '0######');
      return `bin ${body}${mod11and10(body)} is empty`;
    },
  ],
};

const eanCheck = (body: string): number =>
  (10 - ([...body].reduce((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 1 : 3), 0) % 10)) % 10;

function uuid(random: Random): string {
  const bytes = createHash('sha256').update(String(random())).digest('hex');
  return `${bytes.slice(0, 8)}-${bytes.slice(8, 12)}-4${bytes.slice(13, 16)}-9${bytes.slice(17, 20)}-${bytes.slice(20, 32)}`;
}

export function lookAlikeSet(draw: number): SetOfRows {
  const inFrame = (name: string, value: string, at: number): Row => ({
    class: name,
    frame: NEUTRAL[at % NEUTRAL.length] ?? '',
    ...filled(NEUTRAL[at % NEUTRAL.length] ?? '', { value }),
  });
  const times = (make: (random: Random, at: number) => Row, seed: string): Row[] => {
    const random = drawn(`look-alikes ${seed}`, draw);
    return Array.from({ length: EACH }, (_, at) => make(random, at));
  };
  return {
    name: 'look-alikes',
    about: 'A wrong check digit, a right shape without a word, or the number of something else.',
    aim: 'leave',
    rows: [
      ...WITH_CHECK.flatMap((kind) =>
        times((r, at) => inFrame(`${kind}, wrong check`, spoiled(madeOf(kind, r), r), at), `check ${kind}`),
      ),
      ...WEAK.flatMap((kind) =>
        times((r, at) => inFrame(`${kind}, no word`, madeOf(kind, r), at), `weak ${kind}`),
      ),
      ...Object.entries(OTHERS).flatMap(([name, makers]) =>
        makers.flatMap((make, which) =>
          times((r) => ({ class: name, frame: name, text: make(r), planted: [] }), `${name} ${which}`),
        ),
      ),
    ].filter(({ text }, at, all) => all.findIndex((other) => other.text === text) === at),
  };
}
