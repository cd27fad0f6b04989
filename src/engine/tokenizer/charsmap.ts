/**
 * SentencePiece's compiled normalization rules: a double-array trie (Aoe 1989; as the library Darts-clone lays it out) from
 * UTF-8 to what replaces it. Applied as Hugging Face's tokenizers apply it, oddities included: a short grapheme
 * of several characters is replaced as a whole by what the first rule that fits its beginning says.
 */

/** Graphemes of more bytes are looked up character by character; no character has more than four. */
const GRAPHEME_BYTES_MAX = 5;
/** Nothing but graphemes of one character each. */
const PLAIN = /^[ -~]*$/;

/** @param base64 length of the trie in bytes (32 bits, little endian), the trie, texts that end in a zero byte */
export function charsmap(base64: string): (text: string) => string {
  const blob = Buffer.from(base64, 'base64');
  const trieBytes = blob.length >= 4 ? blob.readUInt32LE(0) : Infinity;
  if (trieBytes % 4 !== 0 || 4 + trieBytes > blob.length)
    throw new Error('The tokenizer has a broken charsmap.');
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, index) => blob.readUInt32LE(4 + 4 * index));
  const texts = blob.subarray(4 + trieBytes);
  const textAt = (start: number) => texts.toString('utf8', start, Math.max(start, texts.indexOf(0, start)));
  const utf8 = new TextEncoder();
  const bytes = new Uint8Array(GRAPHEME_BYTES_MAX);
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

  /** What replaces the shortest beginning of a short text that there is a rule for. */
  const replacement = (text: string): string | undefined => {
    const { read, written } = utf8.encodeInto(text, bytes);
    if (read < text.length) return undefined;
    let node = childrenOf(units[0] ?? 0);
    for (let index = 0; index < written; index += 1) {
      const byte = bytes[index] ?? 0;
      if (byte === 0) return undefined;
      const unit = units[node ^ byte] ?? 0;
      if (labelOf(unit) !== byte) return undefined;
      node = node ^ byte ^ childrenOf(unit);
      if (isEnd(unit)) return textAt((units[node] ?? 0) & 0x7fffffff);
    }
    return undefined;
  };
  const grapheme = (segment: string): string => {
    const whole = replacement(segment);
    if (whole !== undefined || segment.length === 1) return whole ?? segment;
    return Array.from(segment, (char) => replacement(char) ?? char).join('');
  };
  return (text) => {
    const parts = PLAIN.test(text) ? text : Array.from(graphemes.segment(text), ({ segment }) => segment);
    return Array.from(parts, grapheme).join('');
  };
}

/** Distance, in the sense of exclusive or, from a unit to where its children stand. */
const childrenOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
/** The byte that leads to a unit; never a byte for a unit that holds a value. */
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const isEnd = (unit: number): boolean => (unit & 0x100) !== 0;
