/** What is written from right to left by an override (Unicode Standard Annex 9, 2.2), as a reader sees it. */
import { type View, ViewWriter } from './view.ts';

const OVERRIDE = '\u202e';
/** To the character that ends the override, or the paragraph. */
const OVERRIDDEN = /\u202e([^\u202c\n\u2029]{0,4096})\u202c?/gu;

/** The view with each such stretch turned around. A stretch stands for its text as a whole. */
export function turnOverridden(source: View): View {
  const { text } = source;
  if (!text.includes(OVERRIDE)) return source;
  const writer = new ViewWriter(source);
  for (const { 0: all, 1: written = '', index } of text.matchAll(OVERRIDDEN)) {
    writer.put(index, index + all.length, [...written].reverse().join(''));
  }
  return writer.view('folded');
}
