/**
 * Mail addresses whose signs are spelled out: `jane [at] example (dot) org`, `jane at example dot org`, `jane @ example .
 * org`. Both sides of an `at` must be parts of an address, as most of them are prepositions.
 */
import { type Groups, isAlphanumeric } from '../groups.ts';
import { spansOf } from '../subject.ts';
import { isTopLevelDomain } from './top-level-domain.ts';
import { type View, ViewWriter } from './view.ts';

const AT_ELSEWHERE =
  /@|a(?:t|(?=\s?[)\]}>])|rroba|robase|penstaartje)|A(?:[Tt]|RROBA)|chiocciola|klammeraffe|snabel-?a|ma[łl]pa|kukac|zavin[áa][čc]|собака/g;
/** A part of each name above that few other words have. */
const MAY_BE_ELSEWHERE = /rroba|RROBA|robase|penstaart|chiocc|klammera|snabel|małpa|malpa|kukac|zavin|собака/;
const LETTER = /[\p{L}\p{N}]/u;
/** `janeATexampleDOTorg` */
const CAMEL_AT = /(?<=[a-z0-9])AT(?=[a-z0-9]{1,63}DOT[a-z])/g;

const DOT_WORDS = 'dot|period|punkt|point|punto|ponto|punt|kropka|nokta|te[čc]ka|точка';
/** Marks that are put around a spelled sign. */
const MARKS = '[[\\](){}<>*_|~/\\\\#"\'“”‘’«»=+^:;-]{1,3}';
const DOTS = [
  `[ \\t]{0,2}${MARKS}[ \\t]?(?:${DOT_WORDS}|\\.)[ \\t]?${MARKS}[ \\t]{0,2}`,
  `(?<word>\\s{1,3}(?:${DOT_WORDS})\\s{1,3})`,
  '\\s{1,3}\\.[ \\t]{0,3}',
  '\\.(?! )',
].join('|');
const DOT_AFTER = new RegExp(`^(?:${DOTS})(?=[\\p{L}\\p{N}])`, 'iu');
const SIGN_BEFORE = new RegExp(
  `(?<=[\\p{L}\\p{N}])(?:${DOTS}|(?<other>\\s{1,3}(?:underscore|dash|hyphen)\\s{1,3}))$`,
  'iu',
);
const OTHER_SIGN: Readonly<Record<string, string>> = { underscore: '_', dash: '-', hyphen: '-' };
const LABEL_AFTER = new RegExp(`^[\\p{L}\\p{N}]+(?:-(?!(?:${DOT_WORDS})-)[\\p{L}\\p{N}]+){0,8}`, 'iu');
const NAME_BEFORE = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_%+]|[.-](?=[\p{L}\p{N}])){0,63}$/u;

/** UTF-16 code units of an address on each side of its `@`. */
const SIDE_CHARS_MAX = 128;
const LABELS_MAX = 6;

/** Before ` at `, these are words of a sentence, whatever comes after: `look at example.org`. */
const NO_NAME =
  /^(?:me|us|you|them|him|her|it|i|is|are|be|was|or|and|up|in|on|out|back|now|also|more|available|here|there|online|site|website|page|(?:look|work|shop|visit|found|find|stay|meet|log|sign|regist|order|book|buy|arriv|aim|point|laugh|live|stop|start|end|host|join|apply)[a-z]{0,5})$/i;
const MAIL_WORD = /mail|correo|courriel|adres|poczt|почт|posta|reach|contact|write|kontakt|contato|escr/i;

/** What is written in another way, and how it would be. */
interface Sign {
  readonly start: number;
  readonly end: number;
  readonly writes: string;
}

/** A dot in brackets, wherever it stands: addresses of machines and sites are written so, too. */
const BRACKETED_DOT = new RegExp(
  `(?<=[\\p{L}\\p{N}])[ \\t]?[[({<][ \\t]?(?:${DOT_WORDS}|\\.)[ \\t]?[\\])}>][ \\t]?(?=[\\p{L}\\p{N}])`,
  'giu',
);

/** A letter or a digit. Most are ASCII, and need no pattern. */
function isLetter(text: string, place: number): boolean {
  const code = text.charCodeAt(place);
  return code < 128 ? isAlphanumeric(code) : LETTER.test(text[place] ?? '');
}

export function spellMails(source: View): View {
  const { text } = source;
  const signs: Sign[] = [];
  if (/[[({<]/.test(text)) {
    for (const { index, end } of spansOf(BRACKETED_DOT, text)) signs.push({ start: index, end, writes: '.' });
  }
  for (const { start, end } of MAY_BE_ELSEWHERE.test(text) ? atsElsewhere(text) : ats(source.groups)) {
    signs.push(...addressAt(text, start, end));
  }
  if (text.includes('DOT')) {
    for (const { index, end } of spansOf(CAMEL_AT, text)) signs.push(...camelAt(text, index, end));
  }
  if (signs.length === 0) return source;
  const writer = new ViewWriter(source);
  for (const { start, end, writes } of signs.sort((a, b) => a.start - b.start)) {
    if (start >= writer.read) writer.put(start, end, writes);
  }
  return writer.view('spelled');
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Whatever may stand for an `@` in English: the sign itself, `at`, or an `a` before a bracket. */
function ats({ text, starts, ends }: Groups): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (!isPlainAddress(text, at)) places.push({ start: at, end: at + 1 });
  }
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] ?? 0;
    const end = ends[i] ?? 0;
    if (end - start > 2) continue;
    const word = text.slice(start, end);
    const isAt =
      word === 'at' ||
      word === 'At' ||
      word === 'AT' ||
      (word === 'a' && CLOSED.test(text.slice(end, end + 2)));
    if (isAt && !isLetter(text, start - 1) && !isLetter(text, end)) places.push({ start, end });
  }
  return places;
}

const CLOSED = /^\s?[)\]}>]/;

/** The same by all its names. */
const atsElsewhere = (text: string): Place[] =>
  spansOf(AT_ELSEWHERE, text)
    .filter(({ index, end }) => text[index] === '@' || !(isLetter(text, index - 1) || isLetter(text, end)))
    .map(({ index, end }) => ({ start: index, end }));

const DOMAIN_AS_IT_IS = /@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)+/y;
/** What may be a sign that is spelled out, before or behind an address. */
const SPELLED = `(?:${DOT_WORDS}|underscore|dash|hyphen|\\.)`;
const SPELLED_BEFORE = new RegExp(`${SPELLED}[^\\p{L}\\p{N}]{0,6}$`, 'iu');
const SPELLED_BEHIND = new RegExp(`^(?:[\\p{L}\\p{N}]|[^\\p{L}\\p{N}]{0,6}${SPELLED})`, 'iu');
const SPELLED_CHARS_MAX = 16;

/** Whether the address around an `@` is written as it is, with nothing beside it that could be more of it. */
function isPlainAddress(text: string, at: number): boolean {
  DOMAIN_AS_IT_IS.lastIndex = at;
  if (!DOMAIN_AS_IT_IS.test(text)) return false;
  const end = DOMAIN_AS_IT_IS.lastIndex;
  let start = at;
  while (
    start > 0 &&
    (isAlphanumeric(text.charCodeAt(start - 1)) || '._%+-'.includes(text.charAt(start - 1)))
  )
    start--;
  return (
    isAlphanumeric(text.charCodeAt(at - 1)) &&
    !SPELLED_BEFORE.test(text.slice(Math.max(0, start - SPELLED_CHARS_MAX), start)) &&
    !SPELLED_BEHIND.test(text.slice(end, end + SPELLED_CHARS_MAX))
  );
}

/** A word with something like a dot behind it: most words after an `at` have none. */
const MAY_BE_DOMAIN =
  /^(?:[ -]sign)?[^0-9A-Za-z\u00c0-\uffff]{0,6}[0-9A-Za-z\u00c0-\uffff-]{1,63}(?:\.|[^0-9A-Za-z\u00c0-\uffff]{1,6}(?:[Dd][Oo][Tt]|[Pp][EeOoUu]|krop|nokt|te[cč]k|точ|\.))/;

/** How the `@` is written: in marks, as a word of its own, as itself with spaces beside it, or plainly. */
interface AtSign {
  readonly form: 'marked' | 'word' | 'sign';
  readonly start: number;
  readonly end: number;
}

/** The signs of the address around a possible `@`; none if it is no address, or one already. */
function addressAt(text: string, start: number, end: number): readonly Sign[] {
  if (!MAY_BE_DOMAIN.test(text.slice(end, end + SIDE_CHARS_MAX))) return [];
  const at = atSign(text, start, end);
  if (at === undefined) return [];
  const domain = domainFrom(text, at.end);
  const name = nameTo(text, at.start);
  if (domain === undefined || name === undefined || !isAddress(text, at, name, domain)) return [];
  const sign = { start: at.start, end: at.end, writes: '@' };
  const signs = [...name.signs, sign, ...domain.signs];
  return signs.some(({ start, end, writes }) => text.slice(start, end) !== writes) ? signs : [];
}

const MARK_BEFORE = new RegExp(`[ \\t]{0,2}${MARKS}[ \\t]?$`, 'u');
const MARK_AFTER = new RegExp(`^[ \\t]?${MARKS}[ \\t]{0,2}`, 'u');

function atSign(text: string, start: number, end: number): AtSign | undefined {
  const before = text.slice(Math.max(0, start - 8), start);
  const after = text.slice(end, end + 8);
  const opens = MARK_BEFORE.exec(before)?.[0];
  const closes = MARK_AFTER.exec(after)?.[0];
  if (opens !== undefined && closes !== undefined) {
    return { form: 'marked', start: start - opens.length, end: end + closes.length };
  }
  const isSign = text[start] === '@';
  const space = (isSign ? /\s{0,3}$/ : /\s{1,3}$/).exec(before)?.[0];
  const rest = (isSign ? /^\s{0,3}/ : /^(?:[ -]sign)?\s{1,3}/i).exec(after)?.[0];
  if (space === undefined || rest === undefined) return undefined;
  return { form: isSign ? 'sign' : 'word', start: start - space.length, end: end + rest.length };
}

interface Side {
  readonly text: string;
  readonly signs: readonly Sign[];
  /** Whether a sign is a word of its own, and whether one is said otherwise than in English. */
  readonly hasWords: boolean;
  readonly isForeign: boolean;
}

function domainFrom(text: string, from: number): Side | undefined {
  const signs: Sign[] = [];
  let rest = text.slice(from, from + SIDE_CHARS_MAX);
  let place = from;
  let domain = '';
  let hasWords = false;
  let isForeign = false;
  for (let labels = 0; labels < LABELS_MAX; labels++) {
    const label = LABEL_AFTER.exec(rest)?.[0];
    if (label === undefined) break;
    domain += label;
    place += label.length;
    rest = rest.slice(label.length);
    const dot = DOT_AFTER.exec(rest);
    if (dot === null) break;
    // A spaced or spoken dot ends a sentence as well, unless what comes next can end an address.
    const next = LABEL_AFTER.exec(rest.slice(dot[0].length))?.[0] ?? '';
    if (dot[0] !== '.' && isTopLevelDomain(label) && !isTopLevelDomain(next)) break;
    signs.push({ start: place, end: place + dot[0].length, writes: '.' });
    const word = dot.groups?.word;
    hasWords ||= word !== undefined;
    isForeign ||= word !== undefined && !/dot|period/i.test(word);
    domain += '.';
    place += dot[0].length;
    rest = rest.slice(dot[0].length);
  }
  return signs.length === 0 ? undefined : { text: domain, signs, hasWords, isForeign };
}

function nameTo(text: string, to: number): Side | undefined {
  const signs: Sign[] = [];
  let rest = text.slice(Math.max(0, to - SIDE_CHARS_MAX), to);
  let name = '';
  let hasWords = false;
  for (let parts = 0; parts < LABELS_MAX; parts++) {
    const part = NAME_BEFORE.exec(rest)?.[0];
    if (part === undefined) break;
    name = part + name;
    rest = rest.slice(0, rest.length - part.length);
    const sign = SIGN_BEFORE.exec(rest);
    if (sign === null || sign[0] === '.') break;
    const writes = OTHER_SIGN[sign.groups?.other?.trim().toLowerCase() ?? ''] ?? '.';
    const place = to - name.length - signs.reduce((sum, { start, end }) => sum + end - start - 1, 0);
    signs.unshift({ start: place - sign[0].length, end: place, writes });
    hasWords = true;
    name = writes + name;
    rest = rest.slice(0, rest.length - sign[0].length);
  }
  return name === '' ? undefined : { text: name, signs, hasWords, isForeign: false };
}

function isAddress(text: string, { form, start, end }: AtSign, name: Side, domain: Side): boolean {
  const last = domain.text.slice(domain.text.lastIndexOf('.') + 1);
  if (!/^\p{L}[\p{L}\p{M}]{1,23}$/u.test(last)) return false;
  const isSpelled = form === 'marked' || text.slice(start, end).includes('AT');
  if (isSpelled) return true;
  if (!isTopLevelDomain(last) || NO_NAME.test(name.text)) return false;
  // `at this point in`: an English `at` has a `dot`.
  if (domain.isForeign && /^\s*at\s*$/i.test(text.slice(start, end))) return false;
  if (form === 'sign' || domain.hasWords || name.hasWords) return true;
  // `jane at example.org`: only what is around it, or the name itself, tells it from a preposition.
  return /[\d._-]/.test(name.text) || MAIL_WORD.test(text.slice(Math.max(0, start - 60), start));
}

function camelAt(text: string, start: number, end: number): readonly Sign[] {
  const signs: Sign[] = [{ start, end, writes: '@' }];
  const domain =
    /^[a-z0-9-]{1,63}(?:DOT[a-z0-9-]{1,63}){1,6}/.exec(text.slice(end, end + SIDE_CHARS_MAX))?.[0] ?? '';
  const name = /[a-z0-9._-]{1,63}(?:DOT[a-z0-9._-]{1,63}){0,4}$/.exec(
    text.slice(Math.max(0, start - SIDE_CHARS_MAX), start),
  )?.[0];
  for (const [side, from] of [
    [name ?? '', start - (name?.length ?? 0)],
    [domain, end],
  ] as const) {
    for (const { index } of side.matchAll(/DOT/g))
      signs.push({ start: from + index, end: from + index + 3, writes: '.' });
  }
  return signs;
}
