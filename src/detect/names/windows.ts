/**
 * Texts as the model of names reads them: windows of tokens that end where a line or a sentence does, each with a few words of
 * what stands before it. What is only there to be understood by has no labels.
 */
import { cutWords, type Word } from './words.ts';

/** A text to read, and words that say what it is: its field's name, the end of the message before it. */
export interface Reading {
  readonly text: string;
  readonly context: string;
}

/** How a text becomes what the model reads. */
export interface Reader {
  readonly before: number;
  readonly after: number;
  readonly tokensMax: number;
  /** A word's pieces with its feature. */
  readonly tokensOf: (word: string) => readonly number[];
}

export interface Window {
  /** Which of the readings. */
  readonly reading: number;
  readonly tokens: readonly number[];
  /** The words whose labels count. */
  readonly words: readonly Word[];
  /** The token that each of them begins with. */
  readonly places: readonly number[];
}

/** Words of a text that a window shares with the one before it. */
const SHARED_WORDS = 10;
/** Share of a window that may go to what only explains it. */
const AROUND_SHARE = 0.3;
/** Words of the context. */
const CONTEXT_WORDS_MAX = 24;
/** A window may end at a sentence's end from this share of its length on. */
const SENTENCE_FROM = 0.5;
const SENTENCE_END = /^[.!?。！？;；]$/;

interface Token {
  readonly word: Word;
  readonly ids: readonly number[];
  /** A line begins here. */
  readonly isNewLine: boolean;
}

export function windowsOf(readings: readonly Reading[], reader: Reader): Window[] {
  return readings.flatMap((reading, index) => cutWindows(reading, index, reader));
}

function cutWindows({ text, context }: Reading, reading: number, reader: Reader): Window[] {
  const tokens = readWords(text, reader);
  const told = context === '' ? [] : readWords(context, reader).slice(-CONTEXT_WORDS_MAX);
  const windows: Window[] = [];
  for (let start = 0; start < tokens.length; ) {
    const around = latest(
      start === 0 ? told : tokens.slice(Math.max(0, start - SHARED_WORDS), start),
      reader,
    );
    const end = endOf(tokens, start, reader.tokensMax - 2 - lengthOf(around));
    windows.push(windowOf(reading, around, tokens.slice(start, end), reader));
    start = end;
  }
  return windows;
}

/** As many of the last tokens as a window has room for. */
function latest(tokens: readonly Token[], { tokensMax }: Reader): readonly Token[] {
  let room = tokensMax * AROUND_SHARE;
  const first = tokens.findLastIndex(({ ids }) => {
    room -= ids.length;
    return room < 0;
  });
  return tokens.slice(first + 1);
}

function readWords(text: string, reader: Reader): Token[] {
  let last = 0;
  return cutWords(text).flatMap((word) => {
    const ids = reader.tokensOf(word.text);
    if (ids.length === 0) return [];
    const isNewLine = text.slice(last, word.start).includes('\n');
    last = word.end;
    return [{ word, ids, isNewLine }];
  });
}

const lengthOf = (tokens: readonly Token[]): number => tokens.reduce((sum, { ids }) => sum + ids.length, 0);

/** Where the window that begins at `start` ends: behind the last line or sentence that fits, if it is not too short then. */
function endOf(tokens: readonly Token[], start: number, room: number): number {
  let used = 0;
  let end = start;
  let good = -1;
  for (; end < tokens.length; end++) {
    const token = tokens[end];
    if (token === undefined || (end > start && used + token.ids.length > room)) break;
    if (end > start && used >= room * SENTENCE_FROM && token.isNewLine) good = end;
    used += token.ids.length;
    if (used >= room * SENTENCE_FROM && SENTENCE_END.test(token.word.text)) good = end + 1;
  }
  return end === tokens.length || good === -1 ? end : good;
}

function windowOf(
  reading: number,
  around: readonly Token[],
  own: readonly Token[],
  { before, after }: Reader,
): Window {
  const tokens = [before, ...around.flatMap(({ ids }) => ids)];
  const places = own.map(({ ids }) => {
    tokens.push(...ids);
    return tokens.length - ids.length;
  });
  tokens.push(after);
  return { reading, tokens, words: own.map(({ word }) => word), places };
}
