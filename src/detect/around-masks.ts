/**
 * The parts of a masked text that are worth a second look: what masks change is what stands near them. The rest has been
 * searched as it is.
 */
import { MASK } from './mask.ts';

/** A part of a masked text. */
export interface MaskedPart {
  readonly text: string;
  /** Where it begins in the masked text. */
  readonly offset: number;
  /** Whether a place of the part is near a mask. What is further away was seen with all that stands around it before. */
  readonly counts: (span: { readonly start: number; readonly end: number }) => boolean;
}

/** UTF-16 code units from a mask to what it can change: more than any words that say what a value is. */
const NEAR_CHARS = 96;
/** And what stands around that. */
const AROUND_CHARS = 96;
/** A word that a part would cut is taken whole, up to so many code units. */
const WORD_CHARS_MAX = 16_384;

/** The parts around all masks, those that touch as one. */
export function aroundMasks(text: string): readonly MaskedPart[] {
  const parts: MaskedPart[] = [];
  const apart = 2 * (NEAR_CHARS + AROUND_CHARS);
  let first = text.indexOf(MASK);
  for (let last = first; last !== -1; ) {
    const next = text.indexOf(MASK, last + 1);
    if (next === -1 || next - last > apart) {
      parts.push(partOf(text, first, last));
      first = next;
    }
    last = next;
  }
  return parts;
}

/** @param first the part's first mask @param last its last one */
function partOf(text: string, first: number, last: number): MaskedPart {
  const offset = beginning(text, Math.max(0, first - NEAR_CHARS - AROUND_CHARS));
  const near = { from: first - NEAR_CHARS - offset, to: last + NEAR_CHARS - offset };
  return {
    text: text.slice(offset, ending(text, last + NEAR_CHARS + AROUND_CHARS)),
    offset,
    counts: ({ start, end }) => end > near.from && start < near.to,
  };
}

/** What stands between two paragraphs. */
const GAP = '\n\n';

/** Where the paragraph of a place begins, as its first line may name columns; in a long one, the word. */
function beginning(text: string, place: number): number {
  if (!text.includes('\n')) return wordStart(text, place);
  const paragraph = place < GAP.length ? -1 : text.lastIndexOf(GAP, place - GAP.length);
  return paragraph === -1 ? 0 : paragraph + GAP.length;
}

function wordStart(text: string, place: number): number {
  const least = Math.max(0, place - WORD_CHARS_MAX);
  let start = place;
  while (start > least && !isSpace(text, start - 1)) start--;
  return start;
}

function ending(text: string, place: number): number {
  const most = Math.min(text.length, place + WORD_CHARS_MAX);
  let end = Math.min(text.length, place);
  while (end < most && !isSpace(text, end)) end++;
  return end;
}

const isSpace = (text: string, place: number): boolean => text.charCodeAt(place) <= 0x20;
