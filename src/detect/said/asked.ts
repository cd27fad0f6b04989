/**
 * What a short message answers. A question is to its answer what a field's name is to its value: "What is your date of
 * birth?" – "12 April 1985".
 */
import type { Leaf } from '../../shapes.ts';

/** UTF-16 code units of an answer that is explained so, and of the question's end. */
const ANSWER_CHARS_MAX = 160;
const QUESTION_CHARS_MAX = 64;
/** What may stand behind a question: thanks, and why it is asked. */
const BEHIND_CHARS_MAX = 40;
const QUESTION_MARKS = '?？؟';
const SENTENCE_ENDS = `.!;\n${QUESTION_MARKS}`;

/** The question that each leaf answers, by its place among them; few leaves answer one. */
export function questionsOf(leaves: readonly Leaf[]): ReadonlyMap<number, string> {
  const questions = new Map<number, string>();
  let said = '';
  for (const [index, { role, path, text }] of leaves.entries()) {
    if (role !== 'value' || !isMessage(path)) continue;
    const question = text.length <= ANSWER_CHARS_MAX ? questionAtEnd(said) : '';
    if (question !== '') questions.set(index, question);
    said = text;
  }
  return questions;
}

function questionAtEnd(text: string): string {
  const least = Math.max(0, text.length - BEHIND_CHARS_MAX);
  let mark = text.length - 1;
  while (mark >= least && !QUESTION_MARKS.includes(text.charAt(mark))) mark--;
  if (mark < least) return '';
  const first = Math.max(0, mark - QUESTION_CHARS_MAX);
  let start = mark;
  while (start > first && !SENTENCE_ENDS.includes(text.charAt(start - 1))) start--;
  return text.slice(start, mark).trim();
}

/** What a message says: all of it, or a part. */
const isMessage = (path: Leaf['path']): boolean =>
  path.at(-1) === 'content' || (path.at(-1) === 'text' && path.at(-3) === 'content');
