/**
 * How a text longer than the model reads at once is read all the same: its first windows and its last one. Beginning
 * and end say what a message is about; a middle that is not read is reported.
 */

/**
 * Most windows of a text. Bounds what one text may cost: twice a full window, which stays within the wait for labels on
 * a slow processor. A request that is late has no labels at all, which is worse than an unread middle.
 */
export const WINDOWS_MAX = 2;
/** Tokens that a window shares with the one before it, so that no phrase is cut for both. */
export const OVERLAP_TOKENS = 32;
/**
 * Most UTF-16 code units of a text that are tokenized: this much of its beginning and of its end. Two windows of 510
 * tokens of English hold about 4,500; the rest is room for text with long words, while a text of megabytes costs no more.
 */
export const HEAD_CHARS_MAX = 8_192;
export const TAIL_CHARS_MAX = 4_096;

/** The parts of a text that are read: all of it, or its beginning and its end. */
export interface Clip {
  readonly head: string;
  readonly tail: string;
  readonly clipped: boolean;
}

export function clipText(text: string): Clip {
  if (text.length <= HEAD_CHARS_MAX + TAIL_CHARS_MAX) return { head: text, tail: '', clipped: false };
  return { head: text.slice(0, HEAD_CHARS_MAX), tail: text.slice(-TAIL_CHARS_MAX), clipped: true };
}

/** Tokens `start` to `end` (exclusive). */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts `tokens` tokens into windows of at most `size`. All windows of a text that needs more than one are full, so the
 * last may share more with the one before it than `OVERLAP_TOKENS`.
 *
 * @returns at least one window, at most `WINDOWS_MAX`; `truncated` when they leave out tokens
 */
export function cutWindows(tokens: number, size: number): { windows: Window[]; truncated: boolean } {
  if (tokens <= size) return { windows: [{ start: 0, end: tokens }], truncated: false };
  const step = Math.max(1, size - OVERLAP_TOKENS);
  const needed = 1 + Math.ceil((tokens - size) / step);
  const count = Math.min(needed, WINDOWS_MAX);
  const windows = Array.from({ length: count }, (_, index) => {
    const start = index === count - 1 ? tokens - size : index * step;
    return { start, end: start + size };
  });
  return { windows, truncated: needed > WINDOWS_MAX };
}
