/** Plain text of any length, redacted piece by piece: a piece is a document, and as long as memory should be asked for. */

import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { Literals } from '../literals.ts';
import type { Shown } from '../redact/redaction.ts';
import type { Explanations } from './redact-explain.ts';
import type { RedactLines } from './redact-lines.ts';
import { type Input, problemOf, type RedactExit, UnreadableInput } from './redact-text.ts';
import { send } from './standard-streams.ts';

/** Longest piece, in UTF-16 code units. A text up to this length is searched as one document. */
export const PIECE_CHARS_MAX = 262_144;

interface Piece {
  readonly text: string;
  /** The line of the input that it begins with, from 1. */
  readonly line: number;
}

export interface RedactPlain extends RedactLines {
  /** Where findings are explained beside the text; null: they are not. */
  readonly explanations: Explanations | null;
}

/** Text in, text out; with explanations, each piece is followed by what was found in it. */
export async function redactPlain(
  { name, from, isTyped = false }: Input,
  to: Writable & { readonly isTTY?: boolean },
  { redactText, complain, explanations }: RedactPlain,
): Promise<RedactExit> {
  const isTerminal = to.isTTY === true;
  let place = name;
  try {
    for await (const { text, line } of piecesOf(decoded(from, name), isTyped)) {
      place = `${name}:${line}`;
      // The end of the last line is no part of the text: a document in JSON would be written anew without it.
      const end = /\r?\n$/.exec(text)?.[0] ?? '';
      const body = text.slice(0, text.length - end.length);
      const { text: redacted, findings } = await redactText(body);
      const out = isTerminal ? drawn(redacted, findings) : redacted;
      const told = explanations?.of(body, findings, name, line) ?? '';
      await send(to, told === '' ? out + end : `${out}\n\n${told}`);
    }
    return 0;
  } catch (thrown) {
    if (thrown instanceof UnreadableInput) throw thrown;
    complain(`${place}: ${problemOf(thrown, place)}`);
    return 3;
  }
}

async function* decoded(from: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new UnreadableInput(`${name}: this is not text in UTF-8.`);
    }
  };
  for await (const bytes of from) yield decode(bytes);
  yield decode();
}

/** @param isTyped each line is a piece, given at once */
export async function* piecesOf(texts: AsyncIterable<string>, isTyped: boolean): AsyncGenerator<Piece> {
  let waiting = '';
  let line = 1;
  const take = (length: number): Piece => {
    const piece = { text: waiting.slice(0, length), line };
    waiting = waiting.slice(length);
    for (let at = piece.text.indexOf('\n'); at !== -1; at = piece.text.indexOf('\n', at + 1)) line++;
    return piece;
  };
  for await (const text of texts) {
    waiting += text;
    for (let end = waiting.indexOf('\n'); isTyped && end !== -1; end = waiting.indexOf('\n'))
      yield take(end + 1);
    while (waiting.length > PIECE_CHARS_MAX) yield take(cutOf(waiting));
  }
  if (waiting !== '') yield take(waiting.length);
}

/** Where a text that is too long is cut: after a paragraph, else a line, else a word, so that few values are parted. */
function cutOf(text: string): number {
  for (const gap of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(gap, PIECE_CHARS_MAX - gap.length);
    if (at >= PIECE_CHARS_MAX / 2) return at + gap.length;
  }
  const isPair = /[\ud800-\udbff]/.test(text[PIECE_CHARS_MAX - 1] ?? '');
  return isPair ? PIECE_CHARS_MAX - 1 : PIECE_CHARS_MAX;
}

/** For a terminal: replacements in colour, and nothing in the text that would steer it. */
function drawn(text: string, findings: readonly Shown[]): string {
  const safe = text.replaceAll(/[^\P{Cc}\t\n]/gu, '�');
  const replacements = [...new Set(findings.map(({ replacement }) => replacement))].filter(
    (one) => one !== '',
  );
  const places = new Literals(replacements).find(safe).sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let read = 0;
  for (const { start, end } of places) {
    if (start < read) continue;
    const replacement = styleText(['bold', 'yellow'], safe.slice(start, end), { stream: process.stdout });
    result += safe.slice(read, start) + replacement;
    read = end;
  }
  return result + safe.slice(read);
}
