/** What of a document is read for names: which texts, in parts that are not too long, and what explains each. */
import type { Leaf } from '../../shapes.ts';
import { decode } from '../views/decode.ts';
import { fold } from '../views/fold.ts';
import { turnOverridden } from '../views/reverse.ts';
import { rawView, type View } from '../views/view.ts';
import { isProtocol } from './protocol.ts';

/** A part of a leaf, as a reader sees it: nothing hides a name that the model would tell. */
export interface Part {
  readonly leaf: number;
  readonly view: View;
  /** Where in the view it begins. */
  readonly at: number;
  readonly text: string;
  /** Words that say what it is: its field's name, the end of the message before it. */
  readonly context: string;
}

const LETTERS = /\p{L}{2}|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** A name in code: no sentence, and no name of a person that the model could tell. */
const IDENTIFIER = /^[\p{Ll}_$][\p{L}\p{N}_$.-]*$/u;
/** Fields that hold whatever there is to say: their names say nothing of it. */
const ANY_TEXT =
  /^(?:content|text|input|output|value|arguments|description|body|message|prompt|data|parameters|title)$/i;
/** UTF-16 code units of a part: what is read between two looks at the other requests under way. */
export const PART_CHARS_MAX = 8_192;
/** Longest word at whose beginning a text is parted; in a longer one it is parted anywhere. */
const WORD_CHARS_MAX = 256;
/** Shorter messages than this are understood by what was said before. UTF-16 code units. */
const ANSWER_CHARS_MAX = 160;
const TOLD_CHARS_MAX = 160;
const KEY_CHARS_MAX = 64;

/** The parts of a document that may hold names, in order. */
export function partsOf(leaves: readonly Leaf[]): Part[] {
  let said = '';
  return leaves.flatMap((leaf, index) => {
    const { role, text, path } = leaf;
    const context = contextOf(leaf, said);
    if (role === 'value' && path.at(-1) === 'content') said = text.slice(-TOLD_CHARS_MAX);
    if (role === 'number' || (role === 'key' && IDENTIFIER.test(text)) || isProtocol(path)) return [];
    const view = decode(fold(turnOverridden(decode(rawView(text))), false));
    return LETTERS.test(view.text) ? cut(index, view, context) : [];
  });
}

function cut(leaf: number, view: View, context: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < view.text.length; ) {
    const end = endOf(view.text, at);
    parts.push({ leaf, view, at, text: view.text.slice(at, end), context: at === 0 ? context : '' });
    at = end;
  }
  return parts;
}

/** Behind a line, if there is one in the second half of what fits, else behind a word. */
function endOf(text: string, start: number): number {
  const most = start + PART_CHARS_MAX;
  if (most >= text.length) return text.length;
  const line = text.lastIndexOf('\n', most - 1);
  if (line >= start + PART_CHARS_MAX / 2) return line + 1;
  const word = text.lastIndexOf(' ', most - 1);
  if (word >= most - WORD_CHARS_MAX) return word + 1;
  // Not between the halves of a surrogate pair.
  return /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most;
}

/** What tells what a text is: the name of its field, or, for a short message, the end of the one before. */
function contextOf({ role, path, text }: Leaf, said: string): string {
  if (role !== 'value') return '';
  const key = path.findLast((step): step is string => typeof step === 'string') ?? '';
  if (!ANY_TEXT.test(key)) {
    return `${key.slice(-KEY_CHARS_MAX).replace(/(?<=\p{Ll})(?=\p{Lu})|[_.-]+/gu, ' ')}:`;
  }
  return path.at(-1) === 'content' && text.length <= ANSWER_CHARS_MAX ? said : '';
}
