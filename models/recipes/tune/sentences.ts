/** Sentences without labels, from texts of other kinds than messages: each is an intent of its own, known by its forms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from '../../../src/statistics/random.ts';

/** Where they come from, below the data folder: a help centre, and what people note and write to each other. */
export const SOURCES = {
  tau2_banking: 'knowledge/tau2_banking_documents.jsonl',
  lifebench: 'pii/lifebench.jsonl',
} as const;
const OF_EACH = 1_500;
const LETTERS_MIN = 25;
const LETTERS_MAX = 120;
/** What Markdown marks with. */
const MARKS = /[#*`>|_-]+/g;
const PLAIN = /^[\x20-\x7e]+$/;

/** The same ones for the same random numbers. */
export function readSentences(data: string, random: () => number): string[] {
  return Object.values(SOURCES).flatMap((file) => {
    const lines = readFileSync(join(data, file), 'utf8').trim().split('\n');
    const found = lines.flatMap((line) => sentencesOf(JSON.parse(line) as Row));
    return shuffled([...new Set(found)], random).slice(0, OF_EACH);
  });
}

interface Row {
  readonly text?: string;
  /** A document: JSON with a title and a text, or a text. */
  readonly content?: string;
}

function sentencesOf({ text, content }: Row): string[] {
  if (content === undefined) return cut(text ?? '');
  try {
    const document = JSON.parse(content) as { readonly title: string; readonly content: string };
    return [document.title, ...cut(document.content)];
  } catch {
    return cut(content);
  }
}

function cut(text: string): string[] {
  return text
    .replace(MARKS, ' ')
    .split(/(?<=[.?!:])\s+|\n+/)
    .map((sentence) => sentence.trim().replace(/\s+/g, ' '))
    .filter(({ length }) => length >= LETTERS_MIN && length <= LETTERS_MAX)
    .filter((sentence) => PLAIN.test(sentence));
}
