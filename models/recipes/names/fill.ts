/** Fills the slots of a template: pieces of text, each with the kind of what it names, or none. */
import type { NAMED_KINDS } from '../../../src/personal-kinds.ts';
import type { Faker, People, Pools } from './pools.ts';

export type NamedKind = (typeof NAMED_KINDS)[number];

export interface Piece {
  readonly text: string;
  readonly kind: NamedKind | null;
}

export interface Template {
  readonly text: string;
  readonly lang?: string;
}

/** What one message is filled with: people of one origin mostly, addresses of one country. */
export interface Filler {
  readonly pools: Pools;
  readonly random: () => number;
  readonly people: People;
  readonly faker: Faker;
  /** Of the template. */
  readonly language: string;
  /** Whether a name may be used: some are set aside. */
  readonly allows: (name: string) => boolean;
}

type Slot = (filler: Filler) => string | Piece[];
const SLOT = /\{\{\s*(\w+)\s*\}\}/;

/** @throws Error naming a slot that is not known */
export function fill({ text }: Template, filler: Filler): Piece[] {
  return joined(pieces(text, filler));
}

/** A first and a last name with a space between them are one name. */
function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const [before, gap] = [all.at(-2), all.at(-1)];
    if (piece.kind === 'PERSON' && gap?.text === ' ' && gap.kind === null && before?.kind === 'PERSON') {
      all.splice(-2, 2, { text: `${before.text} ${piece.text}`, kind: 'PERSON' });
    } else all.push(piece);
  }
  return all;
}

function pieces(text: string, filler: Filler): Piece[] {
  const parts = text.split(SLOT);
  const people = { first: '', last: '' };
  return parts.flatMap((part, at): Piece[] => {
    if (at % 2 === 0) return part === '' ? [] : [{ text: part, kind: null }];
    const slot = SLOTS[part];
    if (slot === undefined) throw new Error(`There is no slot ${part}.`);
    // A message speaks of the same person more than once.
    const isAgain = (part === 'first' || part === 'last') && people[part] !== '' && filler.random() < 0.4;
    const made = isAgain ? people[part as 'first' | 'last'] : slot(filler);
    if (typeof made !== 'string') {
      const [given, ...rest] = made.filter(({ kind }) => kind === 'PERSON').map((piece) => piece.text);
      if (part === 'person' && given !== undefined) {
        const words = [given, ...rest].join(' ').split(' ');
        people.first = words[0] ?? '';
        people.last = words.length > 1 ? (words.at(-1) ?? '') : '';
      }
      return made;
    }
    return [{ text: made, kind: KIND_OF[part] ?? null }];
  });
}

const KIND_OF: Readonly<Record<string, NamedKind>> = {
  person: 'PERSON', first: 'PERSON', last: 'PERSON', initials: 'PERSON', prefix: 'TITLE', username: 'USERNAME',
  org: 'ORGANIZATION', org_short: 'ORGANIZATION', street_address: 'ADDRESS', address: 'ADDRESS', postcode: 'ADDRESS',
  city: 'LOCATION', region: 'LOCATION', country: 'LOCATION', nationality: 'NRP', age: 'AGE',
}; // biome-ignore format: a kind a slot
export const pick = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)] as T;
const allowed = (list: readonly string[], { random, allows }: Filler): string => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const name = pick(list, random);
    if (allows(name)) return name;
  }
  return pick(list, random);
};

const given = (filler: Filler): string => allowed(filler.people.given, filler);
/** Surnames of everywhere stand behind first names of everywhere now and then. */
const family = (filler: Filler): string => {
  const { pools, random, people } = filler;
  const name = allowed(random() < 0.06 ? pick(pools.people, random).family : people.family, filler);
  if (!/\p{Script=Latin}/u.test(name)) return name;
  const roll = random();
  if (roll < 0.025) return `${name}-${allowed(people.family, filler)}`;
  if (roll < 0.04) return `${pick(PARTICLES, random)} ${name}`;
  if (roll < 0.05) return `${pick(['Mc', 'Mac', "O'", 'Fitz', "D'", 'Al-'], random)}${name}`;
  return name;
};
const PARTICLES = ['van', 'van der', 'von', 'de', 'de la', 'di', 'dos', 'bin', 'ben', 'da', 'le', 'St.'];
const letter = (random: () => number): string => String.fromCharCode(65 + Math.floor(random() * 26));
const digit = (random: () => number, most = 10): string => String(Math.floor(random() * most));
const shaped = (shape: string, random: () => number): string =>
  shape.replace(/[#A]/g, (sign) => (sign === '#' ? digit(random) : letter(random)));

function person(filler: Filler): string {
  const { random, people } = filler;
  const [first, last] = [given(filler), family(filler)];
  if (people.isJoined) return random() < 0.9 ? last + first : `${last} ${first}`;
  if (!/\p{Script=Latin}/u.test(first)) return random() < 0.85 ? `${first} ${last}` : `${last} ${first}`;
  const roll = random();
  if (people.isFamilyFirst && roll < 0.6) return `${last} ${first}`;
  if (roll < 0.76) return `${first} ${last}`;
  if (roll < 0.82) return `${first} ${letter(random)}. ${last}`;
  if (roll < 0.86) return `${first} ${given(filler)} ${last}`;
  if (roll < 0.89) return `${first.charAt(0)}. ${last}`;
  if (roll < 0.92) return `${last}, ${first}`;
  if (roll < 0.94) return `${last.toUpperCase()} ${first}`;
  if (roll < 0.96) return `${first}-${given(filler)} ${last}`;
  if (roll < 0.98) return `${first} ${last} ${pick(['Jr.', 'Sr.', 'III', 'II', 'PhD', 'MD'], random)}`;
  return `${first} ${last} ${family(filler)}`;
}

/** A locale lacks parts now and then; English has them all. */
function fromFaker(
  { faker, pools }: Pick<Filler, 'faker' | 'pools'>,
  make: (faker: Faker) => string,
): string {
  try {
    return make(faker);
  } catch {
    return make(pools.fakers.en as Faker);
  }
}

const ENGLISH_ORGS = new Set(['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'sv', 'tr']);

function organisation(filler: Filler): string {
  const { pools, random, people } = filler;
  const { real, words, nouns, suffixes, patterns } = pools.organisations;
  const roll = random();
  if (!ENGLISH_ORGS.has(people.language) && roll < 0.5)
    return fromFaker(filler, (each) => each.company.name());
  if (roll < 0.22) return pick(real, random);
  if (roll < 0.38) return fromFaker(filler, (each) => each.company.name());
  if (roll < 0.58) {
    return pick(patterns, random).replace(/\{(\w+)\}/g, (_, slot: string) =>
      slot === 'city'
        ? pick(pools.places.known, random)
        : slot === 'word'
          ? pick(words, random)
          : slot === 'first'
            ? given(filler)
            : family(filler),
    );
  }
  const suffix = random() < 0.45 ? ` ${pick(suffixes, random)}` : '';
  if (roll < 0.84) return `${pick(words, random)} ${pick(nouns, random)}${suffix}`;
  if (roll < 0.9) return `${pick(words, random)}${pick(words, random).toLowerCase()}${suffix}`;
  if (roll < 0.96) return `${family(filler)} ${pick(nouns, random)}${suffix}`;
  return shaped(pick(['AA', 'AAA', 'AAAA', 'A&A'], random), random) + (suffix || ` ${pick(nouns, random)}`);
}

function streetAddress(filler: Filler): string {
  const { pools, random, people } = filler;
  const roll = random();
  if (roll < 0.28) {
    const unit = random() < 0.2 ? ` ${fromFaker(filler, (each) => each.location.secondaryAddress())}` : '';
    return fromFaker(filler, (each) => each.location.streetAddress()) + unit;
  }
  const { words, types, forms } = pools.streets;
  const name = (): string => {
    const of = random();
    if (of < 0.5) return allowed(people.family, filler);
    return pick(of < 0.8 ? words : pools.places.known, random);
  };
  const digits = (count: number): string =>
    String(Math.floor(10 ** (count - 1) * (random() < 0.2 ? 0.1 : 1) * (1 + random() * 8.9)) || 1);
  const form = roll < 0.62 ? pick(forms.english, random) : pick(forms.other, random);
  return form.replace(/\{(\w+)\}/g, (_, part: string) => {
    if (part === 'name') return name();
    if (part === 'word') return pick(words, random);
    if (part === 'type') return pick(types, random);
    if (part === 'letter') return letter(random);
    return digits(part.length);
  });
}

function postcode(filler: Filler): string {
  const { random } = filler;
  const roll = random();
  if (roll < 0.3) return fromFaker(filler, (each) => each.location.zipCode());
  return shaped(
    pick(
      [
        '#####',
        '#####-####',
        'AA# #AA',
        'A## #AA',
        'AA## #AA',
        'A#A #A#',
        '####',
        '#### AA',
        '######',
        '##-###',
        '###-####',
      ],
      random,
    ),
    random,
  );
}
function city(filler: Filler): string {
  const { pools, random } = filler;
  const roll = random();
  if (roll < 0.5) return pick(pools.places.known, random);
  return roll < 0.75 ? pick(pools.places.cities, random) : fromFaker(filler, (each) => each.location.city());
}
const region = (filler: Filler): string =>
  filler.random() < 0.6
    ? pick(filler.pools.places.regions, filler.random)
    : fromFaker(filler, (each) => each.location.state());
const country = ({ pools, random, language }: Filler): string =>
  pick(pools.countries[random() < 0.9 ? language : 'en'] ?? pools.countries.en ?? ['France'], random);

function address(filler: Filler): string {
  const { random } = filler;
  const street = streetAddress(filler);
  const [town, code] = [city(filler), postcode(filler)];
  const state = random() < 0.5 ? region(filler) : shaped('AA', random);
  const gap = pick([', ', ', ', ', ', '\n', ' ', ' - '], random);
  const last = random() < 0.2 ? `${gap}${country(filler)}` : '';
  const forms = [
    `${street}${gap}${town}${gap}${state} ${code}`,
    `${street}${gap}${town}, ${state} ${code}`,
    `${street}${gap}${code} ${town}`,
    `${street}${gap}${town} ${code}`,
    `${street}${gap}${town}`,
    `${street}${gap}${town}${gap}${code}`,
    `${street}${gap}${city(filler)} District${gap}${town} City${gap}${state} Province`,
    `${street}${gap}${code}-${town}`,
  ];
  return pick(forms, random) + last;
}

function username(filler: Filler): string {
  const { random } = filler;
  const plain = (name: string): string =>
    name
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  const [first, last] = [plain(given(filler)) || 'user', plain(family(filler)) || 'one'];
  const number = shaped(pick(['', '', '#', '##', '####'], random), random);
  const [handle, gap] = [pick(HANDLES, random), pick(['_', '.', '-', ''], random)];
  const made = pick(
    [
      fromFaker(filler, (each) => each.internet.username()),
      `${first}.${last}${number}`,
      `${first}${last.charAt(0)}${number}`,
      `${first.charAt(0)}${last}${number}`,
      `${first}_${last}${number}`,
      `${last}${number || '7'}`,
      `${handle}${gap}${number || '99'}`,
      `${handle}${gap}${first}`,
      `${first}${gap}${pick(HANDLES, random)}${gap}${number}`.replace(/[_.-]$/, ''),
      `${handle}${gap}${pick(HANDLES, random)}${number}`,
      `${first}${number || '42'}`,
    ],
    random,
  );
  return random() < 0.08 ? made.replace(/[oiea]/g, (sign) => LEET[sign] ?? sign) : made;
}
const LEET: Readonly<Record<string, string>> = { o: '0', i: '1', e: '3', a: '4' };
const HANDLES =
  'dark sunny cool the_real mrs shadow pixel night happy gamer x captain ninja blue rocket coffee wild star moon code codes rider wolf fox bear king queen lady master pro dev hacker dancer runner traveler mama papa chef doc iron silver crazy lazy little big super mega ultra its im official xx'.split(
    ' ',
  );

const PRODUCTS =
  'Galaxy S24;iPhone 15;ThinkPad X1;Kindle Paperwhite;AirPods Pro;Roomba;PlayStation 5;Model 3;Surface Pro;Pixel 8;Windows 11;Excel;Photoshop;Premium Plan;Starter Kit;Pro Max Bundle;Espresso Machine;Garden Hose;Standing Desk;Winter Jacket;USB-C cable;Blu-ray player;SmartHome Hub;Family Package;Gold Card;Travel Mug;Yoga Mat;Nintendo Switch;Office 365;PowerPoint'.split(
    ';',
  );
const JOBS =
  'engineer;nurse;teacher;account manager;CEO;CFO;Head of Sales;Software Engineer;product owner;electrician;Chief Technology Officer;HR Business Partner;sales rep;chef;lawyer;Senior Consultant;pharmacist;receptionist;Director of Operations;intern;plumber;data analyst;Project Manager;VP of Marketing;caretaker;pilot;judge;surgeon'.split(
    ';',
  );
const AGE_WORDS =
  'three;five;seven;eleven;thirteen;sixteen;nineteen;twenty;twenty-one;twenty five;thirty;thirty-four;forty;forty-two;fifty;fifty-six;sixty;sixty-eight;seventy;seventy-five;eighty;eighty-three;ninety'.split(
    ';',
  );
const MONTHS =
  'January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sept Oct Nov Dec'.split(
    ' ',
  );

const number = ({ random }: Filler): string =>
  shaped(pick(['#', '##', '1##', '##', '####', '#,###', '#.#', '##%', '#####'], random), random);
function date({ random }: Filler): string {
  const [day, month, year] = [
    1 + Math.floor(random() * 28),
    Math.floor(random() * 12),
    1950 + Math.floor(random() * 80),
  ];
  const forms = [
    `${MONTHS[month]} ${day}, ${year}`,
    `${day} ${MONTHS[month]} ${year}`,
    `${year}-0${1 + (month % 9)}-${10 + (day % 19)}`,
    `${day}/${month + 1}/${year}`,
    `${month + 1}/${day}/${year % 100}`,
    `${MONTHS[month]} ${day}`,
    `${day}.${month + 1}.${year}`,
    pick(
      ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday', 'tomorrow', 'next week'],
      random,
    ),
  ];
  return pick(forms, random);
}

const SLOTS: Readonly<Record<string, Slot>> = {
  person: (filler) => [{ text: person(filler), kind: 'PERSON' }],
  first: given,
  last: family,
  prefix: ({ pools, random, language }) => pick(pools.prefixes[language] ?? pools.prefixes.en ?? ['Dr.'], random),
  initials: ({ random }) => pick([`${letter(random)}.${letter(random)}.`, `${letter(random)}${letter(random)}`, `${letter(random)}. ${letter(random)}.`, `${letter(random)}.`], random),
  username,
  org: organisation,
  org_short: (filler) => pick([pick(filler.pools.organisations.real, filler.random), pick(filler.pools.organisations.words, filler.random), shaped('AAA', filler.random)], filler.random),
  street_address: streetAddress,
  address,
  city,
  region,
  country,
  postcode,
  nationality: ({ pools, random }) => pick(pools.nationalities, random),
  age: ({ random, language }) =>
    language === 'en' && random() < 0.12
      ? pick(AGE_WORDS, random)
      : String(random() < 0.5 ? 1 + Math.floor(random() * 99) : 18 + Math.floor(random() * 70)),
  job: ({ random }) => pick(JOBS, random),
  date,
  number,
  phone: (filler) => (filler.random() < 0.5 ? fromFaker(filler, (each) => each.phone.number()) : shaped(pick(['+1 ### ### ####', '(###) ###-####', '0## ### ####', '+44 #### ######', '+49 ### #######'], filler.random), filler.random)),
  email: (filler) => fromFaker(filler, (each) => each.internet.email()),
  url: (filler) => fromFaker(filler, (each) => each.internet.url()),
  id: ({ random }) => shaped(pick(['########', 'AA-######', '#####', 'AAA####', 'INV-####-##', 'TKT#######', 'A#######A'], random), random),
  product: ({ random }) => pick(PRODUCTS, random),
  money: ({ random }) => pick([`$${shaped('##.##', random)}`, `€${shaped('###', random)}`, `${shaped('###', random)} USD`, `£${shaped('#,###', random)}`, `${shaped('##,##', random)} €`], random),
}; // biome-ignore format: a slot a line
