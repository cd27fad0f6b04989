/** Text without its spelling: letters and digits alone, in small letters. */
import type { Groups } from '../groups.ts';
import type { View } from './view.ts';

const SPELLING = /[^\p{L}\p{N}]+/gu;

export const compact = (text: string): string => text.replace(SPELLING, '').toLowerCase();

/** The compact text, and where its character at `place` stands in the text itself. */
interface Compacted {
  readonly text: string;
  readonly origin: (place: number) => number;
}

export const compacted = ({ text, groups }: Pick<View, 'text' | 'groups'>): Compacted =>
  groups.isPlain ? compactedGroups(groups) : compactedLetters(text);

/** Of printed ASCII, letters and digits are what groups are made of. */
function compactedGroups({ text, starts, ends }: Groups): Compacted {
  const small = text.toLowerCase();
  let result = '';
  for (let i = 0; i < starts.length; i++) result += small.slice(starts[i], ends[i]);
  // Where each group begins in the result: few texts are asked.
  let begins: number[] | undefined;
  const origin = (place: number): number => {
    begins ??= beginsOf(starts, ends);
    let low = 0;
    let high = begins.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((begins[middle] ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return (starts[low - 1] ?? 0) + place - (begins[low - 1] ?? 0);
  };
  return { text: result, origin };
}

function beginsOf(starts: Groups['starts'], ends: Groups['ends']): number[] {
  let begin = 0;
  return starts.map((start, i) => {
    const here = begin;
    begin += (ends[i] ?? 0) - start;
    return here;
  });
}

function compactedLetters(text: string): Compacted {
  const origins = new Int32Array(text.length);
  let result = '';
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
    const isCapital = code >= 0x41 && code <= 0x5a;
    if (!isPlain && !isCapital) {
      if (code < 0x80 || !LETTER.test(text[i] ?? '')) continue;
      // A letter whose small form is longer or shorter is left as it is, so that places stay in step.
      const small = (text[i] ?? '').toLowerCase();
      result += small.length === 1 ? small : text[i];
    } else result += isCapital ? String.fromCharCode(code + 32) : text[i];
    origins[length++] = i;
  }
  return { text: result, origin: (place) => origins[place] ?? 0 };
}

const LETTER = /[\p{L}\p{N}]/u;
