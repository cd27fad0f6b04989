/**
 * Names, places and organisations by origin, to fill templates with: Faker's lists (MIT) from npm, and our own
 * (`own-names.yaml`). A tenth of the people's names is set aside: the report is about names that were never learned.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { extractVerified, fetchTarball, type NpmSource } from '../npm-tarball.ts';

const FAKER: NpmSource = {
  package: '@faker-js/faker',
  version: '10.6.0',
  integrity:
    'sha512-3RQHgEtvL1Frl/d1cSreo7qhJ3Gk1OdNUai/CtZ8G+wYeRQnJih3s9xJ9/kgYekPQRdwgh0HXRPqMlzWGwivIQ==',
};

/** People of one origin. */
export interface People {
  readonly origin: string;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly isFamilyFirst: boolean;
  /** Names are written without a space between them. */
  readonly isJoined: boolean;
  readonly language: string;
}

export interface Pools {
  readonly people: readonly People[];
  /** `known`: cities that messages speak of often. */
  readonly places: Readonly<Record<'known' | 'cities' | 'regions', readonly string[]>>;
  /** By language. */
  readonly countries: Readonly<Record<string, readonly string[]>>;
  readonly nationalities: readonly string[];
  readonly streets: Readonly<Record<'words' | 'types', readonly string[]>> & {
    /** How the line with street and number is written: `{n}`, `{nn}` … are numbers of so many digits. */
    readonly forms: Readonly<Record<'english' | 'other', readonly string[]>>;
  };
  readonly organisations: Readonly<
    Record<'real' | 'words' | 'nouns' | 'suffixes' | 'patterns', readonly string[]>
  >;
  /** What stands before a name, by language. */
  readonly prefixes: Readonly<Record<string, readonly string[]>>;
  /** Faker itself, by locale: addresses and companies of that country. */
  readonly fakers: Readonly<Record<string, Faker>>;
}

/** What is used of a locale's Faker. */
export interface Faker {
  seed(seed: number): void;
  readonly location: Readonly<
    Record<'streetAddress' | 'secondaryAddress' | 'city' | 'state' | 'zipCode' | 'street', () => string>
  >;
  readonly company: { name(): string };
  readonly internet: { username(): string; email(): string; url(): string };
  readonly phone: { number(): string };
}

interface Locale {
  readonly person?: Readonly<Record<string, Names | undefined>>;
  readonly location?: Readonly<Record<string, Names | undefined>>;
}
type Names = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** Locales that are no people of their own: another's with small changes, or jokes. */
const LOCALES_LEFT_OUT = new Set([
  'base',
  'en_BORK',
  'en_AU_ocker',
  'eo',
  'de_AT',
  'fr_CH',
  'en_US',
  'dv',
  'cy',
]);
const FAMILY_FIRST = new Set(['zh_CN', 'zh_TW', 'ja', 'ko', 'hu', 'vi']);
const JOINED = new Set(['zh_CN', 'zh_TW', 'ja', 'ko']);
const SYLLABLES = 2;

export async function readPools(cache: string): Promise<Pools> {
  const { allLocales, allFakers } = await importFaker(cache);
  const own = parse(readFileSync(fileURLToPath(new URL('own-names.yaml', import.meta.url)), 'utf8'));
  const locales = Object.entries(allLocales as Record<string, Locale>);
  const lists = (path: 'person' | 'location', field: string): string[] =>
    locales.flatMap(([, locale]) => flat(locale[path]?.[field]));
  const isLatin = (name: string): boolean => /^[\p{Script=Latin}\p{M} .'’-]+$/u.test(name);
  const { places, organisations } = own;
  return {
    people: [...fakerPeople(locales), ...ownPeople(own.people)],
    places: {
      known: split(places.cities),
      cities: unique(lists('location', 'city_name').filter(isLatin)),
      regions: unique([...split(places.regions), ...lists('location', 'state').filter(isLatin)]),
    },
    countries: byLanguage(locales, ({ location }) => location?.country),
    nationalities: split(own.nationalities),
    streets: { words: spaced(places.streets), types: spaced(places.street_types), forms: own.streets },
    organisations: {
      real: split(organisations.real),
      words: spaced(organisations.words),
      nouns: spaced(organisations.nouns),
      suffixes: split(organisations.suffixes),
      patterns: split(organisations.patterns),
    },
    prefixes: { ...byLanguage(locales, ({ person }) => person?.prefix), ...PREFIXES },
    fakers: allFakers as Record<string, Faker>,
  };
}

const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  en: 'Mr Mr. Mrs Mrs. Ms Ms. Miss Dr Dr. Prof. Professor Sir Madam Mx. Rev. Doctor Mister Capt. Sgt. Hon.'.split(
    ' ',
  ),
  de: 'Herr Frau Hr. Fr. Dr. Prof. Prof.'.split(' ').concat('Herr Dr.', 'Frau Dr.'),
  fr: 'M. Mme Mlle Monsieur Madame Dr Pr Maître Me'.split(' '),
  es: 'Sr. Sra. Srta. Señor Señora Don Doña D. Dña. Dr. Dra.'.split(' '),
  it: 'Sig. Sig.ra Signor Signora Dott. Dott.ssa Avv. Ing. Prof.'.split(' '),
  pt: 'Sr. Sra. Senhor Senhora Dr. Dra. Dona Seu Prof.'.split(' '),
  nl: 'Dhr. Mevr. Meneer Mevrouw dhr. mw. Dr. Drs.'.split(' '),
  pl: 'Pan Pani pan pani p. Dr prof. mgr'.split(' '),
  tr: 'Sayın Bay Bayan Dr. Prof. Av.'.split(' '),
  sv: 'Herr Fru Fröken Dr. Prof.'.split(' '),
  ru: 'г-н г-жа господин госпожа д-р проф.'.split(' '),
  hi: 'श्री श्रीमती डॉ. कुमारी प्रो.'.split(' '),
};

function byLanguage(
  locales: readonly (readonly [string, Locale])[],
  listOf: (locale: Locale) => Names | undefined,
): Record<string, readonly string[]> {
  const lists: Record<string, string[]> = {};
  for (const [origin, locale] of locales) {
    const [language = ''] = origin.split('_');
    const list = unique(flat(listOf(locale)));
    if (list.length > 0) lists[language] = [...(lists[language] ?? []), ...list];
  }
  return lists;
}

async function importFaker(cache: string): Promise<{ allLocales: object; allFakers: object }> {
  const folder = join(cache, 'faker');
  const entry = join(folder, 'package/dist/index.js');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    extractVerified(fetchTarball(FAKER, cache), FAKER, ['package'], folder);
  }
  return import(pathToFileURL(entry).href);
}

function fakerPeople(locales: readonly (readonly [string, Locale])[]): People[] {
  return locales.flatMap(([origin, { person }]) => {
    if (LOCALES_LEFT_OUT.has(origin) || person === undefined) return [];
    const given = unique(flat(person.first_name));
    const family = unique(flat(person.last_name));
    if (given.length < 20 || family.length < 20) return [];
    const [language = ''] = origin.split('_');
    return [
      {
        origin,
        given,
        family,
        isFamilyFirst: FAMILY_FIRST.has(origin),
        isJoined: JOINED.has(origin),
        language,
      },
    ];
  });
}

function ownPeople(people: Readonly<Record<string, Readonly<Record<string, string>>>>): People[] {
  return Object.entries(people).map(
    ([origin, { family = '', given = '', syllables = '', order, lang = 'en' }]) => ({
      origin,
      family: spaced(family).map((name) =>
        name.replace(/(?<=[a-z])-(?=[A-Z][a-z]+-)|^(van|Dela|Te)-/g, '$1 '),
      ),
      given: syllables === '' ? spaced(given) : pairs(spaced(syllables)),
      isFamilyFirst: order === 'family-first',
      isJoined: false,
      language: lang,
    }),
  );
}

function pairs(syllables: readonly string[]): string[] {
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const doubled = syllables.flatMap((first, at) =>
    Array.from({ length: 12 }, (_, step) => {
      const second = syllables[(at * 7 + step * 11 + 3) % syllables.length] ?? '';
      return capital(first + (step % SYLLABLES === 0 ? second : `-${second}`));
    }),
  );
  return unique([...syllables.map(capital), ...doubled]);
}

const flat = (names: Names | undefined): string[] =>
  names === undefined || names === null
    ? []
    : Array.isArray(names)
      ? [...names]
      : Object.values(names).flat();
const split = (text: string): string[] => text.split(';').map((part) => part.trim());
const spaced = (text: string): string[] => text.trim().split(/\s+/);
const unique = (list: readonly string[]): string[] => [
  ...new Set(
    list.filter(
      (name) => typeof name === 'string' && (name.length > 1 || /\p{Lo}/u.test(name)) && !name.includes('{{'),
    ),
  ),
];

const ASIDE_EVERY = 10;
/** Whether a name is kept from training, so that the report is about names never seen. */
export const isAside = (name: string): boolean =>
  (createHash('sha256').update(name.toLowerCase()).digest()[0] ?? 0) % ASIDE_EVERY === 0;
