/**
 * What belongs together in a text though the model labels it word by word: a user name with its numbers, an address with
 * the numbers and the town between and beside its parts.
 */
import type { NamedSpan } from './spans.ts';

/** UTF-16 code units between two parts of one address. */
const GAP_CHARS_MAX = 14;
/** Signs and house numbers, one line end at most. */
const GAP = /^[ \t,;./#º°ª–()-]{0,4}\r?\n?(?:\d{1,5}[A-Za-z]?[ \t,;./#º°ª–-]{0,3}){0,3}$/;
/** Numbers that lead an address: `4-28-19 Umeda`. */
const NUMBER_BEFORE =
  /(?<![\p{L}\p{N}.,])(?:(?:no|nr|n°|№|#)\.? ?)?\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}){0,3},? $/iu;
/** A postcode right behind: `Osaka 530-0001`. */
const CODE_BEHIND = /^,? (?:\d{3}-\d{4}|\d{2}-\d{3}|\d{5,6}(?:-\d{4})?)(?![\p{L}\p{N}])/u;
const AROUND_CHARS = 24;
const OF_USER_NAME = /[\p{L}\p{N}_.-]/u;

/** @param spans of the text, sorted, apart from one another */
export function joined(text: string, spans: readonly NamedSpan[]): NamedSpan[] {
  const whole = together(text, spans);
  return whole.filter((span, at) => isName(text, span, whole[at + 1]));
}

/** Capitals with digits but no word among them, or hexadecimal digits: a number of something, or a digest. */
const CODE = /^(?!.*\p{L}{4})[\p{Lu}\p{N}._-]*\p{N}[\p{Lu}\p{N}._-]*$/u;
const DIGEST = /^[0-9a-f-]{7,128}$/;
/** Of a digest's characters, those that are digits: five in eight in the mean. */
const DIGEST_DIGITS_SHARE = 0.3;

/** Capitals and digits in turns, as in a key or a tax number: a user name has its digits in one or two places. */
const IN_TURNS = /^[A-Z]*(?:\d+[A-Z]+){2}[A-Z0-9]*\d[A-Z0-9]*$/;
/** Letters and digits without a space, longer than any name. */
const KEY = /^(?=[A-Za-z]*\d)[0-9A-Za-z]{24,}$/;

const isCode = (text: string): boolean => CODE.test(text) || IN_TURNS.test(text) || isKey(text);

/** What is nobody's name, and no place's. */
const isKey = (text: string): boolean =>
  KEY.test(text) ||
  (DIGEST.test(text) && text.replace(/\D/g, '').length >= text.length * DIGEST_DIGITS_SHARE);

/** A word of Latin letters, or a letter of another script: `26 3e`, `A6` and `EUR 5` are no addresses. */
const HAS_WORD = /\p{Script=Latin}{3}|(?!\p{Script=Latin})\p{L}/u;
/** Of Britain and Canada. */
const POSTCODE = /[A-Z]\d[A-Z\d]? ?\d[A-Z](?:[A-Z]|\d)(?![A-Za-z\d])/;
/** Currencies beside amounts (ISO 4217): those that messages speak of. */
const IS_CURRENCY =
  /^(?:EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|BRL|MXN|ZAR|SGD|HKD|KRW|AED|ILS)$/;

/** Words between a title and its name are none of either. */
const TITLE_GAP = /^[\s.]{0,3}$/;

/** Whether it can be one at all: a number is no name, and a title has a person behind it. */
function isName(text: string, { start, end, kind }: NamedSpan, next: NamedSpan | undefined): boolean {
  const name = text.slice(start, end);
  if (kind === 'AGE') return true;
  if (!/\p{L}/u.test(name) || isKey(name) || IS_CURRENCY.test(name)) return false;
  if (kind === 'ADDRESS') return HAS_WORD.test(name) || POSTCODE.test(name);
  if (kind === 'USERNAME') return !isCode(name) || text.charAt(start - 1) === '@';
  if (kind !== 'TITLE') return true;
  return next?.kind === 'PERSON' && TITLE_GAP.test(text.slice(end, next.start));
}

function together(text: string, spans: readonly NamedSpan[]): NamedSpan[] {
  const result: NamedSpan[] = [];
  for (const span of spans) {
    const widened = widen(text, span, result.at(-1)?.end ?? 0);
    const last = result.at(-1);
    if (last !== undefined && isOneAddress(text, last, widened)) {
      const score = Math.max(last.score, widened.score);
      const whole: NamedSpan = { start: last.start, end: widened.end, kind: 'ADDRESS', score };
      result[result.length - 1] = widen(text, whole, last.start);
    } else if (last === undefined || widened.start >= last.end) result.push(widened);
    else if (widened.end > last.end) result[result.length - 1] = { ...last, end: widened.end };
  }
  return result;
}

function widen(text: string, span: NamedSpan, from: number): NamedSpan {
  if (span.kind === 'USERNAME') return widenUserName(text, span, from);
  if (span.kind !== 'ADDRESS') return span;
  const before = NUMBER_BEFORE.exec(text.slice(Math.max(from, span.start - AROUND_CHARS), span.start));
  const behind = CODE_BEHIND.exec(text.slice(span.end, span.end + AROUND_CHARS));
  return {
    ...span,
    start: span.start - (before?.[0].length ?? 0),
    end: span.end + (behind?.[0].length ?? 0),
  };
}

/** As far as it is written without a space; a full stop ends the sentence, not the name. */
function widenUserName(text: string, span: NamedSpan, from: number): NamedSpan {
  let { start, end } = span;
  while (start > from && OF_USER_NAME.test(text.charAt(start - 1))) start--;
  while (end < text.length && OF_USER_NAME.test(text.charAt(end))) end++;
  while (end > span.end && /[.-]/.test(text.charAt(end - 1))) end--;
  return { ...span, start, end };
}

function isOneAddress(text: string, first: NamedSpan, second: NamedSpan): boolean {
  const kinds = [first.kind, second.kind];
  if (!kinds.includes('ADDRESS') || !kinds.every((kind) => kind === 'ADDRESS' || kind === 'LOCATION'))
    return false;
  return second.start - first.end <= GAP_CHARS_MAX && GAP.test(text.slice(first.end, second.start));
}
