/**
 * Joined pieces: numbers whose digits stand apart, put together. What parts them can be anything but a letter: `4-1-1-1`,
 * `4 / 1 / 1 / 1`, one digit a line, emoji. Any list of numbers looks the same, so what is found here needs proof.
 */
import type { Groups } from '../groups.ts';
import { charsOf, type PieceChar, piece } from './piece.ts';
import type { Tries } from './tries.ts';
import type { View } from './view.ts';

/** Digits with something between them. */
const RUN = /(?<![0-9A-Za-z])\d+(?:[^\p{L}\p{N}\uFDD0]{1,6}\d+)+(?![0-9A-Za-z])/uy;
/** UTF-16 code units: six characters. */
const BETWEEN_CHARS_MAX = 12;
/** Digits of a number: the least that any kind has, and more than any kind has. */
const DIGITS_MIN = 7;
/** A group that is a number by itself, once it is found. */
const NUMBER_MIN = 6;
/** Of digits one by one, as people write no others so. */
const SINGLES_MIN = 5;
const DIGITS_MAX = 34;
/** Moments, which logs are full of. */
const MOMENT =
  /^(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d(?:\D{1,3}[0-2]?\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:\D{1,2}\d\d:?\d\d)?)?$/;
/** What stands before or behind an amount, and parts no number. */
const MONEY = /[$€£¥%]/;
/** Ways of parting digits in one run. With more, no one way is tried alone. */
const WAYS_MAX = 4;

/** A day of no year with its time, and years from and to. */
const DAY_AND_TIME = /^\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?\D{1,3}\d{1,2}:\d\d(?::\d\d)?$/;
const YEARS = /^(?:19|20)\d\d\D{1,3}(?:19|20)\d\d$/;
const AMOUNT = /^(?:\d{1,3}(?:,?\d{3})*\.\d{1,2}|\d{1,3}(?:\.?\d{3})*,\d{1,2})$/;
const COORDINATE = /^\d{1,3}\.\d{3,8}$/;

/** Whether digits stand as they do in moments, in amounts (`1,234.50`), or in a list of either or of coordinates. */
function isSomethingElse(run: string): boolean {
  if (MOMENT.test(run) || DAY_AND_TIME.test(run) || YEARS.test(run)) return true;
  const amounts = run.split(/, |[ +*/|;-]+/);
  return amounts.every((one) => AMOUNT.test(one) || (amounts.length > 1 && COORDINATE.test(one)));
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  /** What stands between the group before and this one. */
  readonly parted: string;
}

/** Every number that could be put together in the source. */
export function joinedNumbers(source: View, tries: Tries): View[] {
  const { text } = source;
  const { starts, withDigits } = source.groups;
  const pieces: View[] = [];
  let read = 0;
  for (const group of withDigits) {
    const start = starts[group] ?? 0;
    if (start < read || !mayBeginRun(source.groups, group)) continue;
    RUN.lastIndex = start;
    const run = RUN.exec(text);
    if (run === null) continue;
    read = RUN.lastIndex;
    const end = run.index + run[0].length;
    if (run[0].length < 2 * SINGLES_MIN - 1 || tries.knows(run.index, end) || isSomethingElse(run[0]))
      continue;
    if (!tries.take(run.index, end)) continue;
    // What is known already is a number by itself, and no part of another.
    const groups = groupsOf(run[0], run.index);
    const known = groups.map(({ start, end }) => end - start >= NUMBER_MIN && tries.knows(start, end));
    const isCut = ({ parted }: Group, i: number): boolean =>
      known[i] === true || known[i - 1] === true || MONEY.test(parted);
    for (const part of splitAt(groups, isCut)) {
      for (const number of numbersIn(part))
        pieces.push(piece(source, 'joined', charsAt(text, number), guessOf(number)));
    }
  }
  return pieces;
}

/** Whether the group at `index` and the one behind are digits alone, and near each other. */
function mayBeginRun({ starts, ends, digits }: Groups, index: number): boolean {
  const end = ends[index] ?? 0;
  const next = starts[index + 1] ?? 0;
  return (
    digits[index] === end - (starts[index] ?? 0) &&
    digits[index + 1] === (ends[index + 1] ?? 0) - next &&
    next - end <= BETWEEN_CHARS_MAX
  );
}

function groupsOf(run: string, offset: number): Group[] {
  const groups: Group[] = [];
  let read = 0;
  for (const { 0: digits, index } of run.matchAll(/\d+/g)) {
    const parted = run.slice(read, index);
    read = index + digits.length;
    groups.push({
      start: offset + index,
      end: offset + read,
      value: Number(digits),
      parted: /[^ -~\s€£¥]/.test(parted) ? '*' : parted,
    });
  }
  return groups;
}

/** The numbers that groups of digits could make: all of them together, those parted in one way, digits one by one. */
function numbersIn(groups: readonly Group[]): readonly (readonly Group[])[] {
  const ways = new Set(groups.slice(1).map(({ parted }) => parted));
  const isWrapped = groups.filter(({ parted }) => /^\r?\n$/.test(parted)).length === 1;
  const numbers = ways.size === 1 || isWrapped || isRegular(groups) ? [groups] : [];
  if (ways.size > 1 && ways.size <= WAYS_MAX) {
    for (const way of ways) {
      for (const number of splitAt(groups, ({ parted }) => parted === way)) numbers.push(number);
    }
  }
  const singles = splitAt(
    groups,
    ({ start, end }, i) => isSingle({ start, end }) !== isSingle(groups[i - 1]),
  );
  // Not as arguments: there can be more than a call may have.
  for (const number of singles) numbers.push(number);
  const seen = new Set<string>();
  return numbers.filter((number) => {
    const [first, last] = [number[0]?.start, number.at(-1)?.end];
    const digits = number.reduce((sum, { start, end }) => sum + end - start, 0);
    if (
      number.length < 2 ||
      isCount(number) ||
      digits < (number.every(isSingle) ? SINGLES_MIN : DIGITS_MIN) ||
      digits > DIGITS_MAX ||
      seen.has(`${first} ${last}`)
    )
      return false;
    seen.add(`${first} ${last}`);
    return true;
  });
}

/** One, two, three and so on. */
const isCount = (groups: readonly Group[]): boolean =>
  groups.every(({ value }, i) => i === 0 || value === (groups[i - 1]?.value ?? 0) + 1);

/** No list has so many digits one by one; one of numbers has groups of several lengths. */
const guessOf = (groups: readonly Group[]): View['guess'] =>
  isOneByOne(groups) ? undefined : isRegular(groups) ? 'number' : 'list';

/** Digits one by one: no list is likely to have so many. */
const isOneByOne = (groups: readonly Group[]): boolean => groups.every(isSingle);

/** Parted in several ways, groups are still of one number if they are of one length, or mostly of one digit. */
function isRegular(groups: readonly Group[]): boolean {
  const lengths = groups.slice(0, -1).map(({ start, end }) => end - start);
  return (
    (lengths.length > 1 && new Set(lengths).size === 1) ||
    groups.filter(isSingle).length * 5 >= groups.length * 3
  );
}

const isSingle = (group: Pick<Group, 'start' | 'end'> | undefined): boolean =>
  group !== undefined && group.end - group.start === 1;

function splitAt(groups: readonly Group[], isCut: (group: Group, i: number) => boolean): Group[][] {
  const parts: Group[][] = [];
  groups.forEach((group, i) => {
    const last = parts.at(-1);
    if (last === undefined || isCut(group, i)) parts.push([group]);
    else last.push(group);
  });
  return parts;
}

const charsAt = (text: string, groups: readonly Group[]): PieceChar[] =>
  groups.flatMap(({ start, end }) => charsOf(text.slice(start, end), start));
