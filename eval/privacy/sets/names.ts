/** Messages with people of many origins in them, some in lower case, and messages with nobody in them. */
import type { EntityKind } from '../../../src/personal-kinds.ts';
import { pick, type Random } from '../../reading/random.ts';
import { ENGLISH, NOBODY, OTHERS, SCRIPTED } from '../names/messages.ts';
import { ORIGINS, type Origin, SCRIPTS } from '../names/people.ts';
import { address, belonging, city, company, country, username } from '../names/things.ts';
import { type Fill, filled, type Row, type SetOfRows } from '../row.ts';
import { email } from '../values/contact.ts';
import { between } from '../values/digits.ts';
import { drawn } from './draw.ts';

const ENGLISH_EACH = 9;
const OTHERS_EACH = 6;
const SCRIPTED_EACH = 8;
/** One row in so many is written without capitals. */
const LOWER_EVERY = 4;

/** Origins that a message in the language is likelier to name. */
const AT_HOME: Readonly<Record<string, readonly string[]>> = {
  de: ['German', 'Turkish', 'Polish'],
  fr: ['French', 'Arab', 'Vietnamese'],
  es: ['Spanish', 'Latin American'],
  it: ['Italian', 'Romanian'],
  pt: ['Portuguese'],
  nl: ['Dutch', 'Turkish', 'Arab'],
  pl: ['Polish', 'Ukrainian'],
  tr: ['Turkish'],
  sv: ['Scandinavian', 'Arab'],
};

export function namesSet(draw: number): SetOfRows {
  const random = drawn('names', draw);
  let turn = 0;
  const next = (): Origin => ORIGINS[turn++ % ORIGINS.length] as Origin;
  const english = ENGLISH.flatMap((template) =>
    Array.from({ length: ENGLISH_EACH }, (_, at) => rowOf('en', template, next(), at, random)),
  );
  const others = Object.entries(OTHERS).flatMap(([language, templates]) =>
    templates.flatMap((template) =>
      Array.from({ length: OTHERS_EACH }, (_, at) => {
        const home = AT_HOME[language] ?? [];
        const origin = ORIGINS.find(({ origin: name }) => name === home[at % (home.length + 1)]) ?? next();
        return rowOf(language, template, origin, 1, random);
      }),
    ),
  );
  const scripted = Object.entries(SCRIPTED).flatMap(([language, templates]) =>
    templates.flatMap((template) =>
      Array.from({ length: SCRIPTED_EACH }, () =>
        rowOf(language, template, SCRIPTS[language] as Origin, 1, random),
      ),
    ),
  );
  const nobody = NOBODY.map((text): Row => ({ class: 'nobody', frame: 'nobody', text, planted: [] }));
  return {
    name: 'names',
    about:
      'Messages with people, places and organisations, of 44 origins and eight scripts; and some with none.',
    aim: 'hide',
    rows: [...english, ...others, ...scripted, ...nobody],
  };
}

function rowOf(language: string, template: string, origin: Origin, at: number, random: Random): Row {
  const isLower = language === 'en' && at % LOWER_EVERY === LOWER_EVERY - 1;
  const { text, planted } = filled(template, slots(origin, random));
  const lower = text.toLowerCase();
  const shown = isLower && lower.length === text.length ? lower : text;
  return {
    class: shown === text ? language : `${language}, lower case`,
    frame: origin.origin,
    text: shown,
    planted,
    neutral: titlesOf(shown, planted),
  };
}

const TITLE =
  /(?:mrs?|ms|dr|prof|frau|herrn?|madame|monsieur|señora?|mevrouw|panią|pana?|bay|signora?|senhora?|κύριο)\.? $/iu;

/** A title before a name says little, and hiding it costs little. */
export const titlesOf = (text: string, planted: Row['planted']): { start: number; end: number }[] =>
  planted.flatMap(({ start, kind }) => {
    const title = kind === 'PERSON' ? TITLE.exec(text.slice(Math.max(0, start - 12), start)) : null;
    return title === null ? [] : [{ start: start - title[0].length, end: start }];
  });

function slots({ first, last, origin, isJoined }: Origin, random: Random): Record<string, Fill> {
  const given = shuffled(first, random);
  const family = shuffled(last, random);
  const name = (at: number): Fill => ({
    text:
      isJoined === true
        ? `${family[at]}${given[at]}`
        : `${given[at]} ${family[at]}`.replaceAll('Lo-Presti', 'Lo Presti'),
    kind: 'PERSON',
    origin,
  });
  const part = (text: string | undefined): Fill => ({ text: text ?? '', kind: 'PERSON', origin });
  const thing = (kind: EntityKind, text: string): Fill => ({ text, kind });
  return {
    person: name(0),
    person2: name(1),
    person3: name(2),
    first: part(given[3]),
    first2: part(given[4]),
    first3: part(given[5]),
    last: part(family[3]),
    last2: part(family[4]),
    org: thing('ORGANIZATION', company(random)),
    org2: thing('ORGANIZATION', company(random)),
    city: thing('LOCATION', city(random)),
    city2: thing('LOCATION', city(random)),
    country: thing('LOCATION', country(random)),
    address: thing('ADDRESS', address(random)),
    username: thing('USERNAME', username(random)),
    age: thing('AGE', String(between(random, 18, 92))),
    age2: thing('AGE', String(between(random, 18, 92))),
    nrp: thing('NRP', belonging(random)),
    phone: thing(
      'PHONE_NUMBER',
      `(${pick(['415', '617', '303'], random)}) ${between(random, 221, 989)}-${between(random, 1_000, 9_999)}`,
    ),
    email: thing('EMAIL_ADDRESS', email(random)),
  };
}

function shuffled(values: readonly string[], random: Random): string[] {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(random() * left.length), 1)[0] ?? '');
}
