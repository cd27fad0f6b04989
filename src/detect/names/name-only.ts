/**
 * What of a finding is a name. A model takes words that say what a number is for organisations (`MRN`, `NHS`, `FedEx`); if
 * they were hidden as such, the number would be judged without its word when what leaves is looked at once more.
 */
import { isNamed } from '../../personal-kinds.ts';
import type { Finding } from '../../shapes.ts';
import { otherAt } from '../said/context.ts';
import { inWords } from '../said/in-words.ts';
import { FAMILIES } from '../structured.ts';

/** Longer ones are not asked about. */
const LABEL_CHARS_MAX = 40;
/** `NHS number` is one as well as `NHS`. */
const LABELS: readonly RegExp[] = FAMILIES.flatMap(({ words = [] }) => words).map(
  ({ source, flags }) => new RegExp(`^(?:${source})s?(?: (?:ids?|no|nr|numbers?|codes?))?$`, flags),
);
/** No word of a sentence, and no person's name: `DOB`, `FedEx`. */
const HAS_INNER_CAPITAL = /\p{L}\p{Lu}/u;

/** Whether a text is nothing but words that say what a number is. */
function isLabel(text: string): boolean {
  if (text.length > LABEL_CHARS_MAX) return false;
  const words = inWords(text);
  return otherAt(text) === 0 || LABELS.some((label) => label.test(words));
}

/** What may stand before a name, behind it and between its words; `Falcon (UK)` ends with its bracket. */
const BEFORE = /[\s,;:|/)–—-]/;
const BEHIND = /[\s,;:|/(–—-]/;
const BEFORE_NUMBER = /^[\s.:#№°=(]{0,4}\d/;

/** Where a name that ends with a word for something else's number ends without it: `Falcon FedEx 5224 …`. */
function endOfName(text: string, start: number, end: number): number {
  if (!BEFORE_NUMBER.test(text.slice(end, end + 5))) return end;
  let word = end;
  while (word > start && !BEHIND.test(text.charAt(word - 1))) word--;
  return word > start && otherAt(text.slice(Math.max(word, end - LABEL_CHARS_MAX), end)) === 0 ? word : end;
}

/**
 * A finding without what is no part of a name; as it is, if its kind is none that only a model tells.
 * @param text the whole text that it was found in
 * @returns undefined if nothing is left
 */
export function nameOnly(finding: Finding, text: string): Finding | undefined {
  const { kind, detector } = finding;
  if (!isNamed(kind) || detector === 'custom') return finding;
  let { start, end } = finding;
  // A fault of its detector, and told as one.
  if (start < 0 || end <= start || end > text.length) return finding;
  const written = text.slice(start, end);
  if ((kind === 'ORGANIZATION' || HAS_INNER_CAPITAL.test(written)) && isLabel(written)) return undefined;
  if (kind === 'ORGANIZATION') end = endOfName(text, start, end);
  while (end > start && BEHIND.test(text.charAt(end - 1))) end--;
  while (start < end && BEFORE.test(text.charAt(start))) start++;
  if (start === end) return undefined;
  return end - start === written.length ? finding : { ...finding, start, end };
}
