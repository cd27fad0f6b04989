/**
 * All ways of reading a text. Each builds on the one before (raw → decoded → folded → spelled → joined), so that a value
 * that is hidden in several ways at once is found; a view is made only where something hints at it.
 */
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
  const raw = rawView(text);
  if (text.length <= PLAIN_CHARS_MAX && PLAIN.test(text)) return [raw];
  const decoded = decode(raw);
  const folded = fold(turnOverridden(decoded), masked);
  // What was hidden from the first look: `％４０` is an escape once it is folded.
  const again = folded === decoded ? folded : decode(folded);
  const spelled = spellMails(spellNumbers(again));
  return [raw, decoded, folded, again, spelled].filter((view, i, views) => i === 0 || view !== views[i - 1]);
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
