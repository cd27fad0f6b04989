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
  /** How many digits there are in all of them. */
  readonly digitsInAll: number;
}

const LETTER = 1;
const DIGIT = 2;
const CLASSES = new Uint8Array(128);
for (let i = 0; i < 26; i++) CLASSES[0x41 + i] = CLASSES[0x61 + i] = LETTER;
for (let i = 0; i < 10; i++) CLASSES[0x30 + i] = DIGIT;

export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
export const isAlphanumeric = (code: number): boolean => code < 128 && CLASSES[code] !== 0;

export function groupsOf(text: string): Groups {
  const starts: number[] = [];
  const ends: number[] = [];
  const digits: number[] = [];
  let start = -1;
  let count = 0;
  let digitsInAll = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? CLASSES[code] : 0;
    if (kind === 0) {
      if (start < 0) continue;
      starts.push(start);
      ends.push(i);
      digits.push(count);
      start = -1;
      count = 0;
      continue;
    }
    if (start < 0) start = i;
    if (kind === DIGIT) {
      count++;
      digitsInAll++;
    }
  }
  if (start >= 0) {
    starts.push(start);
    ends.push(text.length);
    digits.push(count);
  }
  return { text, starts, ends, digits, digitsInAll };
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
