/**
 * What the model of names learns from: templates of our own filled with names of many origins, in the forms that people
 * type, and the sentences of two public sets. Every row is words with labels; `encode.ts` makes what the model reads.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type Filler, fill, type NamedKind, type Piece, pick, type Template } from './fill.ts';
import { isAside, type Pools } from './pools.ts';
import { disguised } from './typing.ts';

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));
/** One template in so many, and one text of a public set, is kept from training. */
const HELD_OUT_EVERY = 12;
/** English messages speak of people of everywhere, most in Latin letters. */
const ENGLISH_NAMES_SHARE = 0.3;
const OWN_LANGUAGE_SHARE = 0.75;
const OTHER_SCRIPT_SHARE = 0.16;
/** Messages in other languages than English. */
const OTHER_LANGUAGE_SHARE = 0.38;
/** Languages in scripts of which the tokenizer knows few pieces are learned from twice as often as others. */
const RARE_SCRIPTS = ['ar', 'hi', 'ko', 'zh', 'ja'];

export interface Row {
  readonly pieces: readonly Piece[];
  /** Where the names come from; null for a public set. */
  readonly origin: string | null;
}

export function readTemplates(): Template[] {
  return readdirSync(TEMPLATES)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parse(readFileSync(join(TEMPLATES, file), 'utf8')) as Template[]);
}

export const isHeldOut = (text: string): boolean =>
  createHash('sha256').update(text).digest().readUInt32LE(4) % HELD_OUT_EVERY === 0;

/** Texts of several sentences and lines: a template is one or a few. */
const JOINED_SHARE = 0.12;
const JOINED_MAX = 4;

/** Fills templates, one after another in changing order, without end. */
export function* filled(
  templates: readonly Template[],
  pools: Pools,
  random: () => number,
  names: 'learned' | 'aside',
): Generator<Row, never> {
  const rows = single(templates, pools, random, names);
  for (;;) {
    const row = rows.next().value;
    if (random() >= JOINED_SHARE) yield row;
    else {
      const pieces = [...row.pieces];
      const gap = { text: pick(['\n', '\n\n', ' ', '. '], random), kind: null };
      const more = 1 + Math.floor(random() * (JOINED_MAX - 1));
      for (let count = 0; count < more; count++) pieces.push(gap, ...rows.next().value.pieces);
      yield { ...row, pieces };
    }
  }
}

function* single(
  templates: readonly Template[],
  pools: Pools,
  random: () => number,
  names: 'learned' | 'aside',
): Generator<Row, never> {
  const latin = pools.people.filter(({ given }) => /^\p{Script=Latin}/u.test(given[0] ?? ''));
  const byLanguage = Map.groupBy(pools.people, ({ language }) => language);
  const written = Map.groupBy(templates, ({ lang = 'en' }) => lang);
  const others = [...written.keys(), ...RARE_SCRIPTS].filter((lang) => lang !== 'en' && written.has(lang));
  for (;;) {
    const lang = random() < OTHER_LANGUAGE_SHARE ? pick(others, random) : 'en';
    const template = pick(written.get(lang) as Template[], random);
    const roll = random();
    const own = byLanguage.get(lang);
    const share = lang === 'en' ? ENGLISH_NAMES_SHARE : OWN_LANGUAGE_SHARE;
    const people =
      own !== undefined && roll < share
        ? pick(own, random)
        : pick(roll > 1 - OTHER_SCRIPT_SHARE ? pools.people : latin, random);
    const faker = fakerOf(pools, people.origin, lang, random);
    const filler: Filler = {
      language: lang,
      pools,
      random,
      people,
      faker,
      allows: (name) => isAside(name) === (names === 'aside'),
    };
    yield { pieces: disguised(fill(template, filler), random), origin: people.origin };
  }
}

function fakerOf({ fakers }: Pools, origin: string, lang: string, random: () => number) {
  const own = fakers[origin] ?? fakers[lang];
  const english = pick(
    ['en', 'en', 'en_GB', 'en_CA', 'en_AU', 'en_IN', 'en_NG', 'en_IE', 'de', 'fr', 'es', 'it', 'nl'],
    random,
  );
  const isForeignScript =
    /^(?:ar|bn|el|fa|he|hy|ja|ka|ko|mk|ne|ru|th|uk|ur|zh|ku_ckb)/.test(origin) && lang === 'en';
  const chosen =
    own === undefined || isForeignScript || random() < 0.35 ? fakers[lang === 'en' ? english : lang] : own;
  return chosen ?? own ?? (fakers.en as NonNullable<(typeof fakers)[string]>);
}

const WNUT_KINDS: Readonly<Record<string, NamedKind>> = {
  person: 'PERSON',
  location: 'LOCATION',
  corporation: 'ORGANIZATION',
  group: 'ORGANIZATION',
};

/** Tweets and posts (WNUT 2017, CC BY 4.0): a word and a label a line. */
export function readWnut(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split(/\n\s*\n/)
    .map((block): Row => {
      const pieces: Piece[] = [];
      for (const line of block.split('\n')) {
        const [word = '', label = 'O'] = line.trim().split('\t');
        if (word === '') continue;
        const kind = WNUT_KINDS[label.slice(2)] ?? null;
        const last = pieces.at(-1);
        if (label.startsWith('I-') && kind !== null && last?.kind === kind) {
          pieces[pieces.length - 1] = { text: `${last.text} ${word}`, kind };
        } else {
          if (last !== undefined) pieces.push({ text: ' ', kind: null });
          pieces.push({ text: word, kind });
        }
      }
      return { pieces, origin: null };
    })
    .filter(({ pieces }) => pieces.length > 0);
}

interface LifebenchRow {
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number; readonly type: string }[];
}

/** Messages, notes and calendars (lifebench-pii, Apache-2.0, labelled by a model), line by line. */
export function readLifebench(file: string, wants: (text: string) => boolean): Row[] {
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  return rows.flatMap((line) => {
    const row = JSON.parse(line) as LifebenchRow;
    return wants(row.text) ? linesOf(row) : [];
  });
}

function linesOf({ text, spans }: LifebenchRow): Row[] {
  // The set counts code points.
  const chars = Array.from(text);
  const rows: Row[] = [];
  let start = 0;
  for (let at = 0; at <= chars.length; at++) {
    if (at < chars.length && chars[at] !== '\n') continue;
    const inside = spans.filter((span) => span.start >= start && span.end <= at && span.type !== 'EMAIL');
    if (at > start) rows.push(...lineOf(chars, start, at, inside));
    start = at + 1;
  }
  return rows;
}

function lineOf(chars: readonly string[], start: number, end: number, spans: LifebenchRow['spans']): Row[] {
  const pieces: Piece[] = [];
  let read = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start < read) continue;
    const text = chars.slice(span.start, span.end).join('');
    const kind = kindOf(span.type, text);
    if (span.start > read) pieces.push({ text: chars.slice(read, span.start).join(''), kind: null });
    const title = kind === 'PERSON' ? (TITLE.exec(text)?.[0] ?? '') : '';
    if (title !== '') pieces.push({ text: title, kind: 'TITLE' }, { text: ' ', kind: null });
    pieces.push({ text: text.slice(title.length).trimStart(), kind });
    read = span.end;
  }
  if (read < end) pieces.push({ text: chars.slice(read, end).join(''), kind: null });
  return [{ pieces, origin: null }];
}

/** The set counts a title to the name. */
const TITLE = /^(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Master|Madam|Uncle|Aunt)\b\.?(?= )/;

/** The set calls "the museum" a place, and a street's number one; neither names anything, or the second is an address. */
function kindOf(type: string, text: string): NamedKind | null {
  if (!/\p{Lu}|\p{Lo}/u.test(text)) return null;
  if (type === 'PERSON') return 'PERSON';
  if (type === 'ORG') return 'ORGANIZATION';
  if (type !== 'LOCATION') return null;
  return /\d/.test(text) && /\b(?:Road|Street|Avenue|Lane|District|No\.|Number|Building)\b/.test(text)
    ? 'ADDRESS'
    : 'LOCATION';
}
