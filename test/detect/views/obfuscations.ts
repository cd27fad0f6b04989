/** Ways of hiding a value from a search that a reader, or a program, undoes. What the tests of the views share. */
const each = (text: string, write: (char: string) => string): string => [...text].map(write).join('');
const codeOf = (char: string): number => char.codePointAt(0) ?? 0;
const hex = (char: string, width: number): string => codeOf(char).toString(16).padStart(width, '0');
const isDigit = (char: string): boolean => char >= '0' && char <= '9';

const digitsFrom =
  (zero: number) =>
  (text: string): string =>
    each(text, (char) => (isDigit(char) ? String.fromCodePoint(zero + Number(char)) : char));
const between =
  (sign: string) =>
  (text: string): string =>
    [...text.replace(/[ -]/g, '')].join(sign);
/** As it is, with something between any two characters. */
const filled =
  (sign: string) =>
  (text: string): string =>
    [...text].join(sign);
const struck = (text: string): string => each(text, (char) => `${char}\u0336`);
const words =
  (list: string, sign = ' ') =>
  (text: string): string =>
    [...text.replace(/\D/g, '')].map((digit) => list.split(' ')[Number(digit)]).join(sign);

/** For values in ASCII, whatever they are made of. */
export const ANY: Readonly<Record<string, (text: string) => string>> = {
  'JSON escapes': (text) =>
    text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'C escapes': (text) => each(text, (char) => `\\x${hex(char, 2)}`),
  'CSS escapes': (text) => each(text, (char) => `\\${hex(char, 6)}`),
  'strings added': (text) => `${text.slice(0, 5)}" + "${text.slice(5)}`,
  'right to left by override': (text) => `\u202e${[...text].reverse().join('')}\u202c`,
  percent: (text) => Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '%$&'),
  'percent, twice': (text) => Buffer.from(text).toString('hex').replace(/../g, '%25$&'),
  'HTML, decimal': (text) => each(text, (char) => `&#${codeOf(char)};`),
  'HTML, hexadecimal': (text) => each(text, (char) => `&#x${hex(char, 2)};`),
  'quoted-printable': (text) => each(text, (char) => `=${hex(char, 2).toUpperCase()}`),
  base64: (text) => Buffer.from(`it is ${text}`).toString('base64'),
  'base64 for URLs': (text) => Buffer.from(`it is ${text}`).toString('base64url'),
  'base64, twice': (text) => Buffer.from(Buffer.from(`it is ${text}`).toString('base64')).toString('base64'),
  'base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal, parted': (text) =>
    [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  'full-width': (text) =>
    each(text, (char) => (char > ' ' && char <= '~' ? String.fromCharCode(codeOf(char) + 0xfee0) : char)),
  'zero-width': filled('\u200b'),
  'soft hyphens': filled('\u00ad'),
  'control characters': filled('\u0007'),
  'struck through': struck,
  mathematical: (text) =>
    each(text, (char) => {
      if (isDigit(char)) return String.fromCodePoint(0x1d7ce + Number(char));
      if (/[a-z]/.test(char)) return String.fromCodePoint(0x1d41a + codeOf(char) - 97);
      return /[A-Z]/.test(char) ? String.fromCodePoint(0x1d400 + codeOf(char) - 65) : char;
    }),
  'Cyrillic look-alikes': (text) =>
    each(text, (char) => 'аеорсухАВЕКМНОРСТХ'['aeopcyxABEKMHOPCTX'.indexOf(char)] ?? char),
  'markup between': filled('</b><b>'),
  'no-break spaces and other hyphens': (text) => text.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011'),
};

/** For numbers, whose digits can be written apart or in other ways. */
export const NUMBERS: Readonly<Record<string, (text: string) => string>> = {
  'a space between': between(' '),
  'a hyphen between': between('-'),
  'a dot between': between('.'),
  'a slash between': between('/'),
  'an underscore between': between('_'),
  'a line each': between('\n'),
  'a star with spaces': between(' * '),
  'emoji between': between('🙂'),
  'Arabic digits': digitsFrom(0x0660),
  'Devanagari digits': digitsFrom(0x0966),
  'Bengali digits': digitsFrom(0x09e6),
  superscript: (text) => each(text, (char) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[isDigit(char) ? Number(char) : 10] ?? char),
  circled: (text) => each(text, (char) => '⓪①②③④⑤⑥⑦⑧⑨'[isDigit(char) ? Number(char) : 10] ?? char),
  keycaps: (text) => each(text, (char) => (isDigit(char) ? `${char}\ufe0f\u20e3` : char)),
  'in English': words('zero one two three four five six seven eight nine'),
  'in English, hyphens between': words('oh one two three four five six seven eight nine', '-'),
  'in English, commas between': words('Zero One Two Three Four Five Six Seven Eight Nine', ', '),
  'in German': words('null eins zwei drei vier fünf sechs sieben acht neun'),
  'in French': words('zéro un deux trois quatre cinq six sept huit neuf'),
  'in Spanish': words('cero uno dos tres cuatro cinco seis siete ocho nueve'),
  'in Italian': words('zero uno due tre quattro cinque sei sette otto nove'),
  'in Portuguese': words('zero um dois três quatro cinco seis sete oito nove'),
  'in Dutch': words('nul een twee drie vier vijf zes zeven acht negen'),
  'in Polish': words('zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć'),
  'in Russian': words('ноль один два три четыре пять шесть семь восемь девять'),
  'in Turkish': words('sıfır bir iki üç dört beş altı yedi sekiz dokuz'),
  'in Chinese': (text) =>
    each(text.replace(/\D/g, ''), (char) => '零一二三四五六七八九'[Number(char)] ?? char),
};

/** For addresses of mail. */
export const MAILS: Readonly<Record<string, (text: string) => string>> = {
  '[at] and [dot]': (text) => text.replaceAll('.', ' [dot] ').replace('@', ' [at] '),
  '(at) and (dot)': (text) => text.replaceAll('.', '(dot)').replace('@', '(at)'),
  '{at} alone': (text) => text.replace('@', '{at}'),
  '<at> and <dot>': (text) => text.replaceAll('.', '<dot>').replace('@', '<at>'),
  '-at- and -dot-': (text) => text.replaceAll('.', ' -dot- ').replace('@', ' -at- '),
  '_at_ and _dot_': (text) => text.replaceAll('.', '_dot_').replace('@', '_at_'),
  'at and dot': (text) => text.replaceAll('.', ' dot ').replace('@', ' at '),
  'AT and DOT': (text) => text.replaceAll('.', ' DOT ').replace('@', ' AT '),
  'AT alone': (text) => text.replace('@', ' AT '),
  'spaces beside the signs': (text) => text.replaceAll('.', ' . ').replace('@', ' @ '),
  '[@]': (text) => text.replace('@', ' [@] '),
  '[.]': (text) => text.replaceAll('.', '[.]'),
  'a letter at a time': (text) => [...text].join(' '),
  'in Spanish': (text) => text.replaceAll('.', ' punto ').replace('@', ' arroba '),
  'in French': (text) => text.replaceAll('.', ' point ').replace('@', ' arobase '),
  capitals: (text) => text.toUpperCase(),
};
