/** JSON Lines with a text each, redacted line by line. */
import type { Writable } from 'node:stream';
import { spanToWire } from '../redact/redaction.ts';
import type { JsonObject } from '../shapes.ts';
import { type Input, problemOf, type RedactExit, type RedactText } from './redact-text.ts';
import { send } from './standard-streams.ts';
import { type TextLine, textLines } from './text-lines.ts';

/** Lines that are under way at once: a model reads several side by side. */
const UNDER_WAY_MAX = 8;

export interface RedactLines {
  readonly redactText: RedactText;
  readonly complain: (sentence: string) => void;
}

/** JSON Lines in, JSON Lines out, in order and as they come. Memory is bounded however long the input is. */
export async function redactLines(
  { name, from }: Input,
  to: Writable,
  { redactText, complain }: RedactLines,
): Promise<RedactExit> {
  let exit: RedactExit = 0;
  const answer = async (row: TextLine): Promise<string> => {
    const place = `${name}:${row.line}`;
    const { problem, ...said } = row.problem === null ? await redactLine(row.text, place, redactText) : row;
    if (problem === null) return JSON.stringify(said);
    const error = `${place}: ${problem}`;
    complain(error);
    exit = 3;
    return JSON.stringify({ error });
  };
  const underWay: Promise<void>[] = [];
  let last: Promise<void> = Promise.resolve();
  for await (const row of textLines(from)) {
    const [before, line] = [last, answer(row)];
    last = Promise.all([line, before]).then(([text]) => send(to, `${text}\n`));
    // Its failure is met where it is waited for.
    last.catch(() => undefined);
    underWay.push(last);
    if (underWay.length === UNDER_WAY_MAX) await underWay.shift();
  }
  await last;
  return exit;
}

type Answered = { readonly problem: string } | ({ readonly problem: null } & JsonObject);

async function redactLine(text: string, place: string, redactText: RedactText): Promise<Answered> {
  try {
    const redacted = await redactText(text);
    return { problem: null, text: redacted.text, spans: redacted.findings.map(spanToWire) };
  } catch (thrown) {
    return { problem: problemOf(thrown, place) };
  }
}
