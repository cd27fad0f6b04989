/** Text without its spelling: letters and digits alone, in small letters. */

const SPELLING = /[^\p{L}\p{N}]+/gu;

export const compact = (text: string): string => text.replace(SPELLING, '').toLowerCase();

/** The compact text, and where each of its characters stands in the text itself. */
export function compacted(text: string): { readonly text: string; readonly origins: Int32Array } {
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
  return { text: result, origins };
}

const LETTER = /[\p{L}\p{N}]/u;
