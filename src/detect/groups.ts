/**
 * The runs of letters and digits in a text, cut once: what numbers are made of. Kinds whose values are written in groups
 * are asked about these instead of each searching the text again.
 */

/** Runs of ASCII letters and digits, side by side: numbers in arrays cost a fraction of as many objects. */
export interface Groups {
  readonly text: string;
  /** Where each begins, in UTF-16 code units. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** How many of its characters are digits. */
  readonly digits: readonly number[];
  /** Which of them have digits: few do, and most that is looked for has some. */
  readonly withDigits: readonly number[];
  /** How many digits there are in all of them. */
  readonly digitsInAll: number;
  /** Whether the text is printed ASCII alone, with spaces, tabs and lines' ends. */
  readonly isPlain: boolean;
}

const SIGN = 0;
const LETTER = 1;
const DIGIT = 2;
/** A control character, or anything outside of ASCII. */
const OTHER = 3;
const CLASSES = new Uint8Array(128);
for (let i = 0; i < 0x20; i++) CLASSES[i] = i === 0x09 || i === 0x0a || i === 0x0d ? SIGN : OTHER;
CLASSES[0x7f] = OTHER;
for (let i = 0; i < 26; i++) CLASSES[0x41 + i] = CLASSES[0x61 + i] = LETTER;
for (let i = 0; i < 10; i++) CLASSES[0x30 + i] = DIGIT;

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
export const isAlphanumeric = (code: number): boolean =>
  code < 128 && (CLASSES[code] === LETTER || CLASSES[code] === DIGIT);

/** Where groups are written down while a text is cut: lists that grow anew for each text cost half of the time. */
const room = { starts: [] as number[], ends: [] as number[], digits: [] as number[] };
const ROOM_KEPT_MAX = 65_536;

export function groupsOf(text: string): Groups {
  const { starts, ends, digits } = room;
  const withDigits: number[] = [];
  let size = 0;
  let start = -1;
  let count = 0;
  let digitsInAll = 0;
  let isPlain = true;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0x20;
    const kind = code < 128 ? (CLASSES[code] ?? SIGN) : OTHER;
    if (kind === SIGN || kind === OTHER) {
      if (kind === OTHER) isPlain = false;
      if (start < 0) continue;
      if (count > 0) withDigits.push(size);
      starts[size] = start;
      ends[size] = i;
      digits[size++] = count;
      digitsInAll += count;
      start = -1;
      count = 0;
      continue;
    }
    if (start < 0) start = i;
    if (kind === DIGIT) count++;
  }
  const groups = {
    ...{ text, withDigits, digitsInAll, isPlain },
    starts: starts.slice(0, size),
    ends: ends.slice(0, size),
    digits: digits.slice(0, size),
  };
  if (size > ROOM_KEPT_MAX) starts.length = ends.length = digits.length = ROOM_KEPT_MAX;
  return groups;
}

/** Signs that part the groups of one number. */
const SIGNS = '-./+_';

/**
 * What parts two groups of one number: a sign, with a space on either side or none; a space or two; or undefined where
 * it is anything else, so that the groups are not of one number.
 */
export function separatorAt(groups: Groups, left: number): string | undefined {
  const end = groups.ends[left];
  const next = groups.starts[left + 1];
  if (end === undefined || next === undefined) return undefined;
  const first = groups.text[end] ?? '';
  if (next - end === 1) return first === ' ' || SIGNS.includes(first) ? first : undefined;
  if (next - end > 3 || first !== ' ' || groups.text[next - 1] !== ' ') return undefined;
  const middle = next - end === 3 ? (groups.text[end + 1] ?? '') : ' ';
  return middle === ' ' ? (next - end === 2 ? ' ' : undefined) : SIGNS.includes(middle) ? middle : undefined;
}
