/** Words for digits, and for the signs that are read out between them. */

/** Zero to nine by language; other words for the same digit after a stroke. */
const LANGUAGES = [
  'zero/oh/o/nought/naught one two three four five six seven eight nine', // English
  'null eins/ein zwei/zwo drei vier fünf/fuenf sechs sieben acht neun', // German
  'zéro un/une deux trois quatre cinq six sept huit neuf', // French
  'cero uno/una dos tres cuatro cinco seis siete ocho nueve', // Spanish
  'zero uno due tre quattro cinque sei sette otto nove', // Italian
  'zero um/uma dois/duas três quatro cinco seis/meia sete oito nove', // Portuguese
  'nul een/één twee drie vier vijf zes zeven acht negen', // Dutch
  'zero jeden/jedna dwa/dwie trzy cztery pięć/piec sześć/szesc siedem osiem dziewięć/dziewiec', // Polish
  'ноль/нуль один/одна два/две три четыре пять шесть семь восемь девять', // Russian
  "нуль один два три чотири п'ять/п’ять шість сім вісім дев'ять/дев’ять", // Ukrainian
  'zero unu doi/două/doua trei patru cinci șase/sase șapte/sapte opt nouă/noua', // Romanian
  'sıfır/sifir bir iki üç/uc dört/dort beş/bes altı/alti yedi sekiz dokuz', // Turkish
  'noll ett två/tva tre fyra fem sex sju åtta/atta nio', // Swedish
  'nul én to tre fire fem seks syv otte ni', // Danish
  'nula jedna/jeden dva/dvě tři/tri čtyři/ctyri pět/pet šest/sest sedm osm devět/devet', // Czech
  'nulla egy kettő/két három négy öt hat hét nyolc kilenc', // Hungarian
  'μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά/εφτά οκτώ/οχτώ εννέα/εννιά', // Greek
  'nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän', // Finnish
];

/** What a word does to the number that is read out. */
export interface NumberWord {
  readonly is: 'digits' | 'tens' | 'times' | 'sign' | 'letters';
  /** The digits or the sign, nothing for letters that stay; of tens the first digit, whose second may follow; how often the next digit comes. */
  readonly writes: string;
}

const WORDS = new Map<string, NumberWord>();
for (const language of LANGUAGES) {
  language.split(' ').forEach((row, digit) => {
    for (const word of row.split('/')) WORDS.set(word, { is: 'digits', writes: String(digit) });
  });
}
'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
  .split(' ')
  .forEach((word, i) => {
    WORDS.set(word, { is: 'digits', writes: String(10 + i) });
  });
'zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'
  .split(' ')
  .forEach((word, i) => {
    WORDS.set(word, { is: 'digits', writes: String(10 + i) });
  });
'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').forEach((word, i) => {
  WORDS.set(word, { is: 'tens', writes: String(2 + i) });
});
for (const [is, rows] of [
  ['times', '2 double twice doppel doppelt, 3 triple treble dreifach, 4 quadruple'],
  ['digits', '00 hundred, 000 thousand'],
  [
    'sign',
    '+ plus más mais più плюс, - dash hyphen minus bindestrich tiret guion guión trattino traço streepje дефис, ' +
      '. dot point punkt punto ponto kropka точка, / slash stroke, _ underscore',
  ],
] as const) {
  for (const row of rows.split(', ')) {
    const [writes = '', ...words] = row.split(' ');
    for (const word of words) WORDS.set(word, { is, writes });
  }
}

const WORD_CHARS_MAX = 10;
/** English digits written as one word. */
const GLUED = /^(?:zero|oh|one|two|three|four|five|six|seven|eight|nine){3,64}$/i;
const GLUED_DIGIT = /zero|oh|one|two|three|four|five|six|seven|eight|nine/gi;
/** Three digits: no two of them side by side are shorter than `one` and `oh`. */
const GLUED_CHARS_MIN = 6;
const GLUED_CHARS_MAX = 320;

/**
 * Whether some word above has the first two and the last letter of this one, and its length: all that most words need to
 * be passed over. A table of one byte for each such form; a word with letters outside of ASCII is never passed over.
 */
const FORMS = 8_192;
const POSSIBLE = new Uint8Array(FORMS);
const formOf = (length: number, first: number, second: number, last: number): number =>
  ((length * 5) ^ ((first & 31) << 8) ^ ((second & 31) << 4) ^ (last & 31)) & (FORMS - 1);
for (const word of WORDS.keys()) {
  POSSIBLE[formOf(word.length, word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(word.length - 1))] = 1;
}

/** The first two letters of what `GLUED` begins with. */
const GLUED_BEGINS = new Uint8Array(32 * 32);
const pair = (first: number, second: number): number => ((first & 31) << 5) | (second & 31);
for (const begin of 'ze oh on tw th fo fi si se ei ni'.split(' ')) {
  GLUED_BEGINS[pair(begin.charCodeAt(0), begin.charCodeAt(1))] = 1;
}

export function mayBeNumberWord(text: string, start: number, end: number): boolean {
  const length = end - start;
  const first = text.charCodeAt(start);
  const last = text.charCodeAt(end - 1);
  const second = length > 1 ? text.charCodeAt(start + 1) : Number.NaN;
  if (first >= 0x80 || second >= 0x80 || last >= 0x80) return true;
  if (length >= GLUED_CHARS_MIN && GLUED_BEGINS[pair(first, second)] === 1) return true;
  return length <= WORD_CHARS_MAX && POSSIBLE[formOf(length, first, second, last)] === 1;
}

/** What a word says, if it is a digit or a sign; `times` and `tens` wait for the word after. */
export function numberWord(word: string): NumberWord | undefined {
  if (word.length <= WORD_CHARS_MAX) {
    const known = WORDS.get(word) ?? WORDS.get(word.toLowerCase());
    if (known !== undefined) return known;
  }
  if (word.length < GLUED_CHARS_MIN || word.length > GLUED_CHARS_MAX || !GLUED.test(word)) return undefined;
  const digits = word.match(GLUED_DIGIT) ?? [];
  return {
    is: 'digits',
    writes: digits.map((digit) => WORDS.get(digit.toLowerCase())?.writes ?? '').join(''),
  };
}
