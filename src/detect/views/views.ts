/**
 * All ways of reading a text. Each builds on the one before (raw → decoded → folded → spelled → joined), so that a value
 * that is hidden in several ways at once is found; a view is made only where something hints at it.
 */
import type { InPieces } from '../../turns.ts';
import { beforeDigits, partsAround } from './around.ts';
import { decode } from './decode.ts';
import { fold } from './fold.ts';
import { joinedNumbers } from './join.ts';
import { joinedLetters } from './join-letters.ts';
import { joinedLines } from './join-lines.ts';
import { leetNumbers } from './leet.ts';
import { turnOverridden } from './reverse.ts';
import { spellMails } from './spell-mail.ts';
import { spellNumbers } from './spell-number.ts';
import { Tries } from './tries.ts';
import { rawView, type View } from './view.ts';

/** One short word, as keys and roles are: too short for anything to be hidden in it. */
const PLAIN_CHARS_MAX = 10;
const PLAIN = /^(?!.*DOT)[0-9A-Za-z_:/+-]*$/;

/** The views of the whole text, the raw one first. Each differs from the one before. */
export function viewsOf(text: string, masked: boolean): View[] {
  const views = [rawView(text)];
  if (text.length <= PLAIN_CHARS_MAX && PLAIN.test(text)) return views;
  for (const next of WAYS) add(views, next, masked);
  return views;
}

/** The same in pieces of work, for a text that may be as long as a book. */
export function* viewsInPieces(text: string, masked: boolean): InPieces<View[]> {
  const views = [rawView(text)];
  for (const next of WAYS) {
    add(views, next, masked);
    yield;
  }
  return views;
}

/** Each makes the next view from the one before, or gives that if they are the same. */
const WAYS: readonly ((view: View, masked: boolean) => View)[] = [
  decode,
  (view, masked) => fold(turnOverridden(view), masked),
  // What was hidden from the first look: `％４０` is an escape once it is folded.
  (view) => (view.name === 'folded' ? decode(view) : view),
  (view) => spellMails(spellNumbers(view)),
];

function add(views: View[], next: (typeof WAYS)[number], masked: boolean): void {
  const before = views.at(-1);
  const view = before && next(before, masked);
  if (view !== undefined && view !== before) views.push(view);
}

/**
 * Parts of a view put together anew, each with a little of what stands around it.
 * @param found what is found already, sorted, apart from one another: it is not put together again
 */
export function piecesOf(
  view: View,
  found: readonly { readonly start: number; readonly end: number }[],
): View[] {
  const parts = partsAround(view.groups);
  if (parts.length === 0) return [];
  const begins = beforeDigits(view.groups);
  const tries = new Tries(view, found);
  return [
    ...joinedNumbers(view, tries),
    ...joinedLetters(view, parts, begins, tries),
    ...joinedLines(view, tries),
    ...leetNumbers(view, parts, begins, tries),
  ];
}
