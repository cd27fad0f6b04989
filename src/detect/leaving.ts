/**
 * The egress guard's question, in pieces: does a document that is about to leave still hold personal data? Each piece of
 * work is short, however long the document, so that other requests have their turn between.
 */
import { replacePlaceholders } from '../placeholder-form.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Json, PersonalRules } from '../shapes.ts';
import { customFamily } from './custom.ts';
import { MASK } from './mask.ts';
import { stillPersonal } from './structured.ts';
import { leavesOf } from './walk.ts';

/** UTF-16 code units that are searched at once. */
const PIECE_CHARS = 8_192;
/** What two pieces of a text have in common: longer than any value but a private key, whose first line is enough. */
const OVERLAP_CHARS = 2_048;
/**
 * Near a cut, the words that say what a number is, or is not, may be missing. What is found wholly within so much of a
 * cut is left to the other piece, which has it far from its own.
 */
const MARGIN_CHARS = 512;

/**
 * Searches. One item for each piece of work, true as soon as there is personal data that counts.
 * @param rules what counts; everything, if not given
 * @throws TiergateError detect_too_much
 */
export function* searchLeaving(body: Json, rules: PersonalRules = EVERYTHING): Generator<boolean> {
  const own = customFamily(rules);
  for (const leaf of leavesOf(body)) {
    // At once, so that no cut goes through one.
    const masked = replacePlaceholders(leaf.text, () => MASK);
    const { length } = masked;
    for (let start = 0; start === 0 || start + OVERLAP_CHARS < length; start += PIECE_CHARS - OVERLAP_CHARS) {
      const end = Math.min(length, start + PIECE_CHARS);
      const found = stillPersonal({ ...leaf, text: masked.slice(start, end) }, own);
      const from = start === 0 ? 0 : MARGIN_CHARS;
      const to = end === length ? end - start : end - start - MARGIN_CHARS;
      yield found.some((one) => one.end > from && one.start < to);
    }
  }
}
