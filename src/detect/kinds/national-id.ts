/**
 * Numbers that an authority issues to persons, their companies and cars: a form, the check that the authority defines,
 * and, where a form with its check is still common by chance, a word that says what it is.
 */

import { type Groups, isAlphanumeric, isDigit, separatorAt } from '../groups.ts';
import { type Context, isSpokenOfBehind } from '../said/context.ts';
import { LIST_GAP_CHARS_MAX } from '../said/lists.ts';
import type { Match, StructuredFamily, Subject } from '../subject.ts';
import { AUSTRALIA } from './national/australia.ts';
import { EAST_ASIA } from './national/east-asia.ts';
import { type Ending, FormTree, partingOf } from './national/forms.ts';
import { GERMANY } from './national/germany.ts';
import { INDIA } from './national/india.ts';
import { ITALY } from './national/italy.ts';
import { NORTH_AMERICA } from './national/north-america.ts';
import { NORTHERN_EUROPE } from './national/northern-europe.ts';
import { OTHERS } from './national/others.ts';
import type { NumberRow } from './national/row.ts';
import { SINGAPORE } from './national/singapore.ts';
import { SOUTHERN_EUROPE } from './national/southern-europe.ts';
import { UNITED_KINGDOM } from './national/united-kingdom.ts';

export const ROWS: readonly NumberRow[] = [
  ...NORTH_AMERICA,
  ...UNITED_KINGDOM,
  ...GERMANY,
  ...ITALY,
  ...SOUTHERN_EUROPE,
  ...NORTHERN_EUROPE,
  ...INDIA,
  ...AUSTRALIA,
  ...SINGAPORE,
  ...EAST_ASIA,
  ...OTHERS,
];
const TREE = new FormTree(ROWS);

/** No row has a value with fewer digits. */
const DIGITS_MIN = 1;
/** Letters alone may begin a number if digits follow within so many groups. */
const GROUPS_AHEAD = 2;
/** Bytes in binary digits pass every check sooner or later. */
const BINARY = /^[01]{8,}$/;
/** Characters of a number in other groups than its usual ones: shorter ones are prices and scores. */
const ODD_CHARS_MIN = 9;
/** Groups of one number. */
const GROUPS_MAX = 8;
const PARTED_BY = ' -';
/** Four digits or fewer, and a group with a small letter between spaces: words, not the letters of a number plate. */
const HAS_WORD = /^(?=(?:\D*\d){0,4}\D*$)(?=[0-9A-Za-z ]*$)(?:.* )?[A-Za-z]*[a-z][A-Za-z]*(?: |$)/;
/** Letters and digits of one number are not parted by these. */
const HAS_OTHER_SIGN = /[/_+]/;
const isProse = (written: string): boolean => HAS_WORD.test(written) || HAS_OTHER_SIGN.test(written);

export const nationalId: StructuredFamily = {
  name: 'national id',
  kinds: [...new Set(ROWS.map(({ kind }) => kind))],
  words: [...new Set(ROWS.map(({ words }) => words))],
  find,
};

function find(subject: Subject): Match[] {
  if (subject.digits < DIGITS_MIN) return [];
  const search = new Search(subject);
  let next = 0;
  for (const group of subject.groups.withDigits) {
    for (let i = Math.max(next, group - GROUPS_AHEAD); i <= group; i++) search.from(i);
    next = group + 1;
  }
  return search.matches;
}

/** Groups that have the form of some rows. */
class Candidate {
  readonly start: number;
  readonly end: number;
  /** The separators between the groups; empty if there is one group. */
  readonly separators: readonly string[];
  /** How its groups are parted: `partingOf`. */
  readonly parting: number;
  /** Its characters without separators, in capitals. */
  readonly compact: string;
  readonly #subject: Subject;

  constructor(subject: Subject, first: number, last: number, parting: number) {
    const { groups } = subject;
    const { text, starts, ends } = groups;
    this.#subject = subject;
    this.start = starts[first] ?? 0;
    this.end = ends[last] ?? 0;
    const separators: string[] = [];
    let compact = text.slice(this.start, ends[first]);
    for (let i = first + 1; i <= last; i++) {
      separators.push(separatorAt(groups, i - 1) ?? '');
      compact += text.slice(starts[i], ends[i]);
    }
    this.separators = separators;
    this.parting = parting;
    this.compact = compact.toUpperCase();
  }

  get context(): Context {
    return this.#subject.context(this.start, this.end);
  }
}

class Search {
  readonly matches: Match[] = [];
  readonly #subject: Subject;
  readonly #groups: Groups;
  /** By row: the last value of which its words spoke. What they say of a list's first goes for all of it. */
  readonly #said = new Map<NumberRow, Candidate>();
  /** Where the last of these ends. */
  #lastSaid = Number.NEGATIVE_INFINITY;

  constructor(subject: Subject) {
    this.#subject = subject;
    this.#groups = subject.groups;
  }

  /** Reads the groups from `first` on through the tree, and looks at each row that ends where a group does. */
  from(first: number): void {
    const { text, starts, ends, digits } = this.#groups;
    if (isTiedBefore(text, starts[first] ?? 0)) return;
    let node = 0;
    let parting = 0;
    let hasLetters = false;
    const limit = Math.min(starts.length, first + GROUPS_MAX);
    for (let last = first; last < limit; last++) {
      if (last > first && separatorAt(this.#groups, last - 1) === undefined) return;
      const [start = 0, end = 0] = [starts[last], ends[last]];
      for (let i = start; i < end; i++) {
        node = TREE.step(node, text.charCodeAt(i));
        if (node === 0) return;
      }
      parting = partingOf(parting, end - start);
      hasLetters ||= (digits[last] ?? 0) < end - start;
      const endings = TREE.endings(node);
      if (endings.length === 0 || isTiedBehind(text, end)) continue;
      const isUsual = endings.some(({ partings }) => partings.has(parting));
      // Words and numbers side by side have some form or other: with letters, the groups must be the usual ones.
      const isParted = last > first;
      const isOdd = isParted && hasLetters;
      if (isOdd && (!isUsual || isProse(text.slice(starts[first], end)))) continue;
      const from = starts[first] ?? 0;
      // In other groups than the usual ones a number must be long, and needs a word.
      if (isParted && !isUsual && end - from < ODD_CHARS_MIN) continue;
      if (
        isParted &&
        !isUsual &&
        this.#subject.before(from).isSilent &&
        !this.#isListed(from) &&
        !isSpokenOfBehind(text, end)
      )
        continue;
      this.#consider(endings, new Candidate(this.#subject, first, last, parting), isOdd);
    }
  }

  #consider(endings: readonly Ending[], candidate: Candidate, isOdd: boolean): void {
    if (BINARY.test(candidate.compact)) return;
    const edge = edgeOf(this.#groups.text, candidate);
    for (const { row, partings } of endings) {
      const isUsual = partings.has(candidate.parting);
      if ((isOdd && !isUsual) || row.holds?.(candidate.compact) === false) continue;
      const isSaid = this.#isSaid(row, candidate);
      if (isSaid) {
        this.#said.set(row, candidate);
        this.#lastSaid = Math.max(this.#lastSaid, candidate.end);
      } else if (edge === 'beside' || !this.#isAlone(row, candidate, isUsual) || isOther(row, candidate))
        continue;
      const score = row.holds === undefined ? 0.8 : isSaid ? 1 : 0.85;
      this.matches.push({ start: candidate.start, end: candidate.end, kind: row.kind, score });
    }
  }

  /** Whether form, check and groups tell a number without a word. */
  #isAlone({ needsWord, isRare, partedBy }: NumberRow, candidate: Candidate, isUsual: boolean): boolean {
    const isParted = candidate.separators.length > 0;
    if (this.#subject.needsProof) return isRare === true && !isParted;
    if (needsWord === 'always') return false;
    return isParted ? isUsual && hasSeparators(candidate, partedBy) : needsWord === 'never';
  }

  #isSaid(row: NumberRow, { start, context }: Candidate): boolean {
    return context.says(row.words) || this.#subject.lists(this.#said.get(row), start);
  }

  /** Whether a word that was said of some value may go for one that begins at `start`. */
  #isListed(start: number): boolean {
    return start - this.#lastSaid <= LIST_GAP_CHARS_MAX;
  }
}

/** Whether a word says that a candidate is the number of something else. What no other number looks like is none. */
function isOther({ needsWord, isRare }: NumberRow, { compact, context }: Candidate): boolean {
  const { other } = context;
  if (other === undefined || needsWord !== 'never' || !/[A-Z]/.test(compact)) return other !== undefined;
  return other === 'thing' && isRare !== true;
}

/** Whether a candidate's separators are those that make its groups its own. */
function hasSeparators({ separators }: Candidate, partedBy: string | undefined): boolean {
  if (partedBy !== undefined) return separators.every((sign) => partedBy.includes(sign));
  return PARTED_BY.includes(separators[0] ?? '') && separators.every((sign) => sign === separators[0]);
}

/** Whether a sign ties the place to a digit before it, so that it is inside of a longer number. */
function isTiedBefore(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1);
  return before === PLUS || (isTie(before) && isDigit(text.charCodeAt(start - 2)));
}

const isTiedBehind = (text: string, end: number): boolean =>
  isTie(text.charCodeAt(end)) && isDigit(text.charCodeAt(end + 1));

/** Whether a candidate stands apart, or beside other characters that could be of the same number. */
function edgeOf(text: string, { start, end, separators }: Candidate): 'apart' | 'beside' {
  const [before, after] = [text.charCodeAt(start - 1), text.charCodeAt(end)];
  const [further, behind] = [text.charCodeAt(start - 2), text.charCodeAt(end + 1)];
  if ((isTie(before) && isAlphanumeric(further)) || (isTie(after) && isAlphanumeric(behind))) return 'beside';
  if (before === UNDERSCORE && isAlphanumeric(further)) return 'beside';
  if (separators[0] !== ' ') return 'apart';
  return (before === SPACE && isDigit(further)) || (after === SPACE && isDigit(behind)) ? 'beside' : 'apart';
}

const PLUS = 0x2b;
const SPACE = 0x20;
const UNDERSCORE = 0x5f;
/** A hyphen, a dot or a slash. */
const isTie = (code: number): boolean => code === 0x2d || code === 0x2e || code === 0x2f;
