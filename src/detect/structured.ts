/** The structured detectors: everything that a shape, a checksum or the words beside a value can tell. */
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Finding, Json, Leaf, PersonalRules, Step, ViewName } from '../shapes.ts';
import { type CustomFamily, customFamily } from './custom.ts';
import { fold } from './fold.ts';
import { birth } from './kinds/birth.ts';
import { card } from './kinds/card.ts';
import { email } from './kinds/email.ts';
import { iban } from './kinds/iban.ts';
import { nationalId } from './kinds/national-id.ts';
import { network } from './kinds/network.ts';
import { phone } from './kinds/phone.ts';
import { recordNumber } from './kinds/record-number.ts';
import { secret } from './kinds/secret.ts';
import { merged } from './spans.ts';
import { MASK, type Match, type StructuredFamily, Subject, spansOf } from './subject.ts';
import { leavesOf } from './walk.ts';

export const FAMILIES: readonly StructuredFamily[] = [
  email,
  phone,
  card,
  iban,
  nationalId,
  birth,
  recordNumber,
  network,
  secret,
];

/** A finding whose text is known. */
export type Found = Omit<Finding, 'leaf'>;

const NOTHING_OWN = customFamily(EVERYTHING);

/** No kind has a shorter value. */
const VALUE_CHARS_MIN = 3;

/**
 * Personal data in one text, as it stands and as a reader sees it; overlaps made one.
 * @param path where the text is in its document: its keys can say what a number is
 * @param hasMasks whether some values are masked already
 * @param own the policy's rules: the organisation's own values, and which of the others count
 */
export function findStructured(
  text: string,
  path: Leaf['path'] = [],
  hasMasks = false,
  own: CustomFamily = NOTHING_OWN,
): Found[] {
  if (text.length < VALUE_CHARS_MIN) return [];
  const matches = searched(text, path, 'raw', own);
  const folded = fold(text, hasMasks);
  if (folded !== undefined) {
    for (const match of searched(folded.text, path, 'folded', own)) {
      const [start, end] = folded.raw(match.start, match.end);
      matches.push({ ...match, start, end });
    }
  }
  // Before overlaps are made one: what does not count must not cover what does.
  const counting = matches.filter((match) => own.counts(match, text));
  return counting.length > 1 ? merged(counting) : counting;
}

function searched(text: string, path: Leaf['path'], view: ViewName, own: StructuredFamily): Found[] {
  const subject = new Subject(text, path);
  const matches: Found[] = [];
  for (const family of FAMILIES) {
    for (const match of family.find(subject)) matches.push({ ...match, detector: family.name, view });
  }
  const whole = matches.filter((match) => !isPartOfUuid(text, match));
  for (const match of own.find(subject)) whole.push({ ...match, detector: own.name, view });
  return whole;
}

const UUID = /(?<![0-9A-Za-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z])/gi;
const UUID_CHARS = 36;

/** A part of a UUID can look like a card or a telephone number, and is neither. A whole one may be a key or a record. */
const isPartOfUuid = (text: string, { start, end }: Match): boolean => {
  if (end - start >= UUID_CHARS) return false;
  const from = Math.max(0, end - UUID_CHARS - 1);
  return spansOf(UUID, text.slice(from, start + UUID_CHARS + 1)).some(
    (uuid) => from + uuid.index <= start && end <= from + uuid.end,
  );
};

/**
 * The keys above a leaf. A key does not speak of itself, nor is it the value of the field it is in: `type` below
 * `password` is no password. So its own place is nameless.
 */
export const placeOf = ({ role, path }: Leaf): Leaf['path'] =>
  role === 'key' ? [...path.slice(0, -1), ''] : path;

/** The form of a placeholder (docs/personal-data.md): what `redact` puts in a value's place is no personal data. */
const PLACEHOLDER = /\[[A-Z][A-Z_]{1,31}_[0-9A-HJKMNP-TV-Z]{8}(?:_\d{1,6})?\]/g;

/** A key that holds a placeholder had a value in it, so what it says now is not what it said when it was searched. */
const named = (step: Step): Step => (typeof step === 'string' && step.search(PLACEHOLDER) !== -1 ? '' : step);

/** Whether one text of a body that is about to leave holds personal data that counts. `own`: the rules' own patterns. */
export function leafHoldsPersonal(leaf: Leaf, rules: PersonalRules, own = customFamily(rules)): boolean {
  const text = leaf.text.includes('[') ? leaf.text.replace(PLACEHOLDER, MASK) : leaf.text;
  return findStructured(text, placeOf(leaf).map(named), true, own).length > 0;
}

/**
 * Whether a body that is about to leave still holds personal data: the egress guard's question.
 * @param rules what counts; everything, if not given
 * @throws TiergateError detect_too_much
 */
export function containsPersonal(body: Json, rules: PersonalRules = EVERYTHING): boolean {
  const own = customFamily(rules);
  return leavesOf(body).some((leaf) => leafHoldsPersonal(leaf, rules, own));
}
