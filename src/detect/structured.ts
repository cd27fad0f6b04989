/** The structured detectors: everything that a shape, a checksum or the words beside a value can tell. */

import type { EntityKind } from '../personal-kinds.ts';
import { holdsPlaceholder, replacePlaceholders } from '../placeholder-form.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Finding, Json, Leaf, PersonalRules, Step } from '../shapes.ts';
import type { InPieces } from '../turns.ts';
import { type CustomFamily, customFamily } from './custom.ts';
import { birth } from './kinds/birth.ts';
import { card } from './kinds/card.ts';
import { crypto } from './kinds/crypto.ts';
import { email } from './kinds/email.ts';
import { iban } from './kinds/iban.ts';
import { nationalId } from './kinds/national-id.ts';
import { network } from './kinds/network.ts';
import { phone } from './kinds/phone.ts';
import { recordNumber } from './kinds/record-number.ts';
import { secret } from './kinds/secret.ts';
import { MASK } from './mask.ts';
import { merged } from './spans.ts';
import { type Match, type StructuredFamily, Subject, spansOf } from './subject.ts';
import { rawView, type View } from './views/view.ts';
import { inWindows, WINDOW_CHARS } from './views/view-windows.ts';
import { piecesOf, viewsInPieces, viewsOf } from './views/views.ts';
import { leavesOf } from './walk.ts';

export const FAMILIES: readonly StructuredFamily[] = [
  email,
  phone,
  card,
  iban,
  crypto,
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
 * Personal data in one text, in every view of it; overlaps made one.
 * @param path where the text is in its document: its keys can say what a number is
 * @param hasMasks whether some values are masked already
 * @param own the policy's rules: the organisation's own values, and which of the others count
 * @param views all views of the text, where they are known already
 */
export function findStructured(
  text: string,
  path: Leaf['path'] = [],
  hasMasks = false,
  own: CustomFamily = NOTHING_OWN,
  views: readonly View[] = viewsOf(text, hasMasks),
): Found[] {
  if (text.length < VALUE_CHARS_MIN) return [];
  const search = (view: View): Found[] => searched(view, { text, path, own });
  const found = merged(views.flatMap(search));
  const last = views.at(-1);
  if (last === undefined) return found;
  const pieces = piecesOf(last, found).flatMap(search);
  return pieces.length === 0 ? found : merged([...found, ...pieces]);
}

/** The same in pieces of work, for a text that may be as long as a book. */
export function* searchStructured(
  text: string,
  path: Leaf['path'],
  hasMasks: boolean,
  own: CustomFamily,
  known?: readonly View[],
): InPieces<Found[]> {
  const views = known ?? (yield* viewsInPieces(text, hasMasks));
  if (views.every((view) => view.text.length <= WINDOW_CHARS))
    return findStructured(text, path, hasMasks, own, views);
  const within = { text, path, own };
  const all: Found[] = [];
  for (const view of views) {
    for (const one of yield* inWindows(view, (window) => searchedInPieces([window], within))) all.push(one);
  }
  const found = merged(all);
  const last = views.at(-1) ?? rawView(text);
  const search = (window: View) => searchedInPieces(piecesOf(window, found), within);
  const pieces = yield* inWindows(last, search);
  return pieces.length === 0 ? found : merged(found.concat(pieces));
}

/** What a view is searched for. */
interface Within {
  /** All of the text, as it stands. */
  readonly text: string;
  readonly path: Leaf['path'];
  readonly own: CustomFamily;
}

/** What all families find in a view, where it is in the text itself. */
function searched(view: View, within: Within): Found[] {
  const found: Found[] = [];
  const subject = new Subject(view, within.path);
  for (const family of [...FAMILIES, within.own]) look(family, view, subject, within, found);
  return found;
}

function* searchedInPieces(views: readonly View[], within: Within): InPieces<Found[]> {
  const found: Found[] = [];
  for (const view of views) {
    const subject = new Subject(view, within.path);
    for (const family of [...FAMILIES, within.own]) {
      look(family, view, subject, within, found);
      if (view.text.length > WINDOW_CHARS) yield;
    }
  }
  return found;
}

/** Adds what one family finds, and counts by the rules: what does not count must not cover what does. */
function look(
  family: StructuredFamily,
  view: View,
  subject: Subject,
  { text, own }: Within,
  found: Found[],
): void {
  for (const match of family.find(subject)) {
    if (family !== own && (isPartOfUuid(view.text, match) || !isProven(family, match, subject, view)))
      continue;
    const [start, end] = view.raw(match.start, match.end);
    const one = { ...match, start, end, detector: family.name, view: view.name };
    if (own.counts(one, text)) found.push(one);
  }
}

/** A secret is told by its issuer's own form, not by the words beside it. */
const ISSUED_SCORE_MIN = 0.95;

/** Kinds of digits alone whose check and length are rare by chance. */
const RARE: ReadonlySet<EntityKind> = new Set(['CREDIT_CARD', 'CRYPTO']);

/**
 * Whether a number that may have been put together from others is one: its family asks for proof, it is rare by chance, as
 * all are that have letters, or a word says so: without the words around it, it is found less surely or not at all.
 */
function isProven(
  family: StructuredFamily,
  { start, end, kind, score }: Match,
  subject: Subject,
  { guess }: View,
): boolean {
  if (guess === undefined || RARE.has(kind) || (guess === 'number' && family === nationalId)) return true;
  // What a word calls a password has been found as it stands.
  if (kind === 'SECRET') return score >= ISSUED_SCORE_MIN;
  const value = subject.text.slice(start, end);
  if (/[A-Za-z]|^\+/.test(value)) return true;
  const alone = family.find(new Subject(value));
  return !alone.some((match) => match.kind === kind && match.score >= score);
}

const UUID = /(?<![0-9A-Za-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z])/gi;
const UUID_CHARS = 36;

/** A part of a UUID can look like a card or a telephone number, and is neither. A whole one may be a key or a record. */
const isPartOfUuid = (text: string, { start, end }: Match): boolean => {
  if (end - start >= UUID_CHARS) return false;
  const from = Math.max(0, end - UUID_CHARS - 1);
  // Most values have not one hyphen near.
  const hyphen = text.indexOf('-', from);
  if (hyphen === -1 || hyphen > start + UUID_CHARS) return false;
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

/** A key that holds a placeholder had a value in it, so what it says now is not what it said when it was searched. */
const named = (step: Step): Step => (typeof step === 'string' && holdsPlaceholder(step) ? '' : step);

/** What one text of a body that is about to leave holds that counts; offsets are those of the text without placeholders. */
export function stillPersonal(leaf: Leaf, own: CustomFamily): Found[] {
  // What `redact` puts in a value's place is no personal data.
  const text = replacePlaceholders(leaf.text, () => MASK);
  return findStructured(text, placeOf(leaf).map(named), true, own);
}

/**
 * Whether a body that is about to leave still holds personal data: the egress guard's question.
 * @param rules what counts; everything, if not given
 * @throws TiergateError detect_too_much
 */
export function containsPersonal(body: Json, rules: PersonalRules = EVERYTHING): boolean {
  const own = customFamily(rules);
  return leavesOf(body).some((leaf) => stillPersonal(leaf, own).length > 0);
}
