/**
 * A message as an attacked model would understand it: what hides an instruction from a filter (invisible characters,
 * look-alike letters, spaced letters, digits for letters, encodings) is undone, and a long text is cut into pieces, so
 * that one sentence among many pages is looked at alone.
 */

/** Most UTF-16 code units that are read: this much of the beginning, and of the end. */
const HEAD_CHARS_MAX = 49_152;
const TAIL_CHARS_MAX = 16_384;
/** Most readings of one text, and code units of each that is not the text itself. */
const READINGS_MAX = 8;
const READING_CHARS_MAX = 4_096;
/** A piece has about this many code units, and shares its last sentence with the next one. */
const PIECE_CHARS = 240;
const SENTENCE_CHARS_MAX = 400;
/** Up to this length a text is looked at as a whole, too. */
export const WHOLE_CHARS_MAX = 6_000;

/** Whether all of the text is read. */
export function isReadWhole(text: string): boolean {
  return text.length <= HEAD_CHARS_MAX + TAIL_CHARS_MAX;
}

/** Format characters (zero width, direction, tags); Unicode's tag letters spell ASCII that nobody sees. */
const INVISIBLE = /\p{Cf}|\u034f|[\u115f\u1160]|\u17b4|\u17b5|[\ufe00-\ufe0f]/gu;
const TAG_LETTERS = /[\u{e0020}-\u{e007e}]+/gu;
const MARKS = /[\u0300-\u036f]/g;
/** Cyrillic and Greek letters that look like Latin ones. */
const LOOK_ALIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аеорсухіјѕԁһԛԝкмтвнгαεορτυνικχ'].map((letter, at) => [
    letter,
    [...'aeopcyxijsdhqwkmtbhraeoptuvikx'][at] ?? '',
  ]),
);
const WORD = /\p{L}+/gu;
const LATIN = /[a-z]/;
const LIKE_LATIN = /[Ͱ-ӿԀ-ԯ]/;

/** Lower case, one form for each letter, without marks on Latin, Greek and Cyrillic letters. */
export function plain(text: string): string {
  const seen = text
    .replaceAll(TAG_LETTERS, (tags) =>
      [...tags].map((tag) => String.fromCharCode((tag.codePointAt(0) ?? 0) - 0xe0000)).join(''),
    )
    .replaceAll(INVISIBLE, '')
    .normalize('NFKD')
    .replaceAll(MARKS, '')
    .normalize('NFC')
    .toLowerCase();
  return seen.replaceAll(WORD, (word) =>
    LATIN.test(word) && LIKE_LATIN.test(word)
      ? [...word].map((letter) => LOOK_ALIKE[letter] ?? letter).join('')
      : word,
  );
}

/** The text in plain letters, then each other text that it can be read as. At least one. */
export function readingsOf(text: string): string[] {
  const raw = isReadWhole(text) ? text : `${text.slice(0, HEAD_CHARS_MAX)}\n${text.slice(-TAIL_CHARS_MAX)}`;
  const base = plain(raw);
  const start = base.slice(0, READING_CHARS_MAX);
  const hidden = [...decoded(raw), unspaced(start), unleeted(start), ...turned(start)]
    .filter((reading) => reading !== null)
    .map((reading) => reading.slice(0, READING_CHARS_MAX));
  return [...new Set([base, ...hidden])].slice(0, READINGS_MAX);
}

const BASE64 = /[A-Za-z0-9+/_-]{16,4096}={0,2}/g;
const HEX = /(?:[0-9a-fA-F]{2}[\s:,]?){8,2048}/g;
const BINARY = /(?:[01]{7,8}\s?){4,512}/g;
const PERCENT = /(?:%[0-9a-fA-F]{2}|[\w.~-]){0,16}(?:%[0-9a-fA-F]{2}){2,}/g;
const ENCODED_MAX = 4;
const TEXT_SHARE_MIN = 0.9;

/** What encoded stretches of the text say, where they say anything. */
function decoded(text: string): string[] {
  const stretches = (pattern: RegExp): string[] => (text.match(pattern) ?? []).slice(0, ENCODED_MAX);
  const bytes = [
    ...stretches(BINARY).map((bits) =>
      Buffer.from((bits.match(/[01]{7,8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))),
    ),
    ...stretches(HEX).map((digits) => Buffer.from(digits.replaceAll(/[\s:,]/g, ''), 'hex')),
    ...stretches(BASE64).map((code) => Buffer.from(code, 'base64')),
    ...(PERCENT.test(text)
      ? [
          Buffer.from(
            text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, code: string) =>
              String.fromCharCode(Number.parseInt(code, 16)),
            ),
            'latin1',
          ),
        ]
      : []),
  ];
  return bytes.flatMap((each) => {
    const said = new TextDecoder().decode(each);
    const readable = said.match(/[\p{L}\p{Zs}\p{Nd}.,:;!?'"-]/gu)?.length ?? 0;
    return said.length >= 6 && readable >= TEXT_SHARE_MIN * [...said].length ? [plain(said)] : [];
  });
}

const SPACED = /(?<![\p{L}\p{N}])(?:[\p{L}\p{N}][ .\-_*|/]{1,3}){5,}[\p{L}\p{N}](?![\p{L}\p{N}])/gu;

/** `i g n o r e   a l l` read as `ignore all`; null where nothing is spaced. */
function unspaced(text: string): string | null {
  const read = text.replaceAll(SPACED, (run) =>
    run.replaceAll(/([\p{L}\p{N}])([ .\-_*|/]{1,3})/gu, (_, letter: string, gap: string) =>
      gap.length > 1 ? `${letter} ` : letter,
    ),
  );
  return read === text ? null : read;
}

const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
};
const LEET_WORD = /[\w@$!]{2,}/g;

/** `1gn0r3` read as `ignore`; null where no word mixes letters and digits. */
function unleeted(text: string): string | null {
  const read = text.replaceAll(LEET_WORD, (word) =>
    LATIN.test(word) && /[013457@$]/.test(word)
      ? word.replaceAll(/[0134578@$!]/g, (sign) => LEET[sign] ?? sign)
      : word,
  );
  return read === text ? null : read;
}

const TURNED_CHARS_MAX = 1_000;
/** Words that most messages have one of, none of which another common word is when it is turned. */
const TURNED_WORD =
  /\b(?:the|your?|tell|what|how|this|that|with|ignore|previous|rules|instructions|password|secret|prompt|pretend|alle|ignoriere|anweisungen|les|quel|todas|instrucciones)\b/;

/** Short texts backwards and in ROT13, where that has words: nobody can tell beforehand. */
function turned(text: string): string[] {
  if (text.length > TURNED_CHARS_MAX || !/[a-z]/.test(text)) return [];
  const rot13 = text.replaceAll(/[a-z]/g, (letter) =>
    String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97),
  );
  return [rot13, [...text].reverse().join('')].filter((reading) => TURNED_WORD.test(reading));
}

const SENTENCE = /[^.!?。！？।؟…\n]+[.!?。！？।؟…\n]*/g;

/** The pieces in which a reading is looked at: all of it unless it is very long, and sentence by sentence if it is long. */
export function piecesOf(reading: string): string[] {
  if (reading.length <= PIECE_CHARS * 1.5) return [reading];
  const sentences = (reading.match(SENTENCE) ?? []).flatMap(cutLong);
  const pieces: string[] = reading.length <= WHOLE_CHARS_MAX ? [reading] : [];
  let piece = '';
  let last = '';
  for (const sentence of sentences) {
    if (piece !== '' && piece.length + sentence.length > PIECE_CHARS) {
      pieces.push(piece);
      piece = last.length < PIECE_CHARS / 2 ? last : '';
    }
    piece += sentence;
    last = sentence;
  }
  pieces.push(piece);
  return pieces;
}

function cutLong(sentence: string): string[] {
  if (sentence.length <= SENTENCE_CHARS_MAX) return [sentence];
  const step = PIECE_CHARS / 2;
  const count = Math.ceil(sentence.length / step);
  return Array.from({ length: count }, (_, at) => sentence.slice(at * step, (at + 1) * step));
}
