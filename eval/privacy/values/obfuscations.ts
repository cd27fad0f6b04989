/** Ways in which people and programs write a value so that it does not look like itself. */
import { pick, type Random } from '../../reading/random.ts';
import { respelled } from './spoken.ts';

/** `any`: letters, digits and signs. `number`: at least six digits and no letters. `mail`: an address with `@` and dots. */
export type Suits = 'any' | 'number' | 'mail';

export interface Obfuscation {
  readonly name: string;
  readonly suits: Suits;
  /** What a reader must do to see the value: the view that undoes it. */
  readonly view: 'decoded' | 'folded' | 'joined' | 'spelled' | 'unlisted';
  readonly write: (value: string, random: Random) => string;
}

const each = (value: string, write: (sign: string, code: number) => string): string =>
  [...value].map((sign) => write(sign, sign.codePointAt(0) ?? 0)).join('');
const signs = (value: string, write: (sign: string, code: number) => string): string =>
  each(value, (sign, code) => (/[A-Za-z0-9 ]/.test(sign) ? sign : write(sign, code)));
const hex = (code: number, length = 2): string => code.toString(16).padStart(length, '0');
const between1 = (value: string, separator: (at: number) => string): string =>
  [...value.replace(/[^A-Za-z0-9@.]/g, '')].map((sign, at) => (at === 0 ? sign : separator(at) + sign)).join('');
const numbers = (value: string): string => value.replace(/\D/g, '');
const spread = (value: string, separator: string): string => [...numbers(value)].join(separator);

const mapped = (from: string, to: string): ((value: string) => string) => {
  const table = new Map([...from].map((sign, at) => [sign, [...to][at] ?? sign]));
  return (value) => each(value, (sign) => table.get(sign) ?? sign);
};
const digitsAt = (zero: number): ((value: string) => string) => (value) =>
  value.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const shifted = (capital: number, small: number, zero: number): ((value: string) => string) => (value) =>
  each(value, (sign, code) => {
    if (/[A-Z]/.test(sign)) return String.fromCodePoint(capital + code - 65);
    if (/[a-z]/.test(sign)) return String.fromCodePoint(small + code - 97);
    return /\d/.test(sign) ? String.fromCodePoint(zero + code - 48) : sign;
  });

const CYRILLIC = mapped('aceopxyijsABCEHKMOPTXS', 'асеорхуіјѕАВСЕНКМОРТХЅ');
const GREEK = mapped('ovinABEHIKMNOPTXYZ', 'ονιηΑΒΕΗΙΚΜΝΟΡΤΧΥΖ');
const ENCLOSED = (value: string): string =>
  each(value, (sign, code) => {
    if (/[1-9]/.test(sign)) return String.fromCodePoint(0x2460 + code - 49);
    if (sign === '0') return '⓪';
    if (/[A-Z]/.test(sign)) return String.fromCodePoint(0x24b6 + code - 65);
    return /[a-z]/.test(sign) ? String.fromCodePoint(0x24d0 + code - 97) : sign;
  });
const quoted = (value: string): string =>
  [...Buffer.from(value)].map((byte) => (/[A-Za-z0-9.]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${hex(byte).toUpperCase()}`)).join('');
const EMOJI = ['🙂', '⭐', '🔥', '✅', '➡️'];
const dots = (value: string, at: string, dot: string): string => value.replaceAll('@', at).replaceAll('.', dot);

export const OBFUSCATIONS: readonly Obfuscation[] = [
  // What programs do.
  { name: 'JSON escapes, signs', suits: 'any', view: 'decoded', write: (v) => signs(v, (_, c) => `\\u${hex(c, 4)}`).replace(/^([A-Za-z0-9]+)$/, (all) => `\\u${hex(all.charCodeAt(0), 4)}${all.slice(1)}`) },
  { name: 'JSON escapes, all', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `\\u${hex(c, 4)}`) },
  { name: 'hex escapes', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `\\x${hex(c)}`) },
  { name: 'percent, signs', suits: 'any', view: 'decoded', write: (v) => encodeURIComponent(v).replaceAll('.', '%2E').replace(/^(\w)/, (sign) => `%${hex(sign.charCodeAt(0))}`) },
  { name: 'percent, all', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `%${hex(c).toUpperCase()}`) },
  { name: 'percent, twice', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `%25${hex(c).toUpperCase()}`) },
  { name: 'HTML entities, named', suits: 'mail', view: 'decoded', write: (v) => dots(v, '&commat;', '&period;') },
  { name: 'HTML entities, decimal', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `&#${c};`) },
  { name: 'HTML entities, hex', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `&#x${hex(c)};`) },
  { name: 'quoted-printable', suits: 'mail', view: 'decoded', write: quoted },
  { name: 'quoted-printable, soft line end', suits: 'any', view: 'decoded', write: (v) => `${v.slice(0, 6)}=\n${v.slice(6)}` },
  { name: 'base64', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('base64') },
  { name: 'base64url', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('base64url') },
  { name: 'base64, twice', suits: 'any', view: 'decoded', write: (v) => Buffer.from(Buffer.from(v).toString('base64')).toString('base64') },
  { name: 'hex', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('hex') },
  { name: 'hex, spaced', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `${hex(c)} `).trim() },
  // What a reader does not see, or sees as the same.
  { name: 'full width', suits: 'any', view: 'folded', write: (v) => each(v, (s, c) => (c > 32 && c < 127 ? String.fromCodePoint(c + 0xfee0) : s)) },
  { name: 'zero-width spaces', suits: 'any', view: 'folded', write: (v) => [...v].join('\u200b') },
  { name: 'zero-width joiners', suits: 'any', view: 'folded', write: (v, r) => each(v, (s) => s + pick(['', '\u200d', '\u2060', '\ufeff'], r)) },
  { name: 'soft hyphens', suits: 'any', view: 'folded', write: (v) => [...v].join('\u00ad') },
  { name: 'combining marks', suits: 'any', view: 'folded', write: (v) => each(v, (s) => `${s}\u0336`) },
  { name: 'accents', suits: 'mail', view: 'folded', write: (v) => each(v, (s) => (/[aeiou]/.test(s) ? `${s}\u0301` : s)) },
  { name: 'Cyrillic look-alikes', suits: 'mail', view: 'folded', write: CYRILLIC },
  { name: 'Greek look-alikes', suits: 'mail', view: 'folded', write: GREEK },
  { name: 'mathematical bold', suits: 'any', view: 'folded', write: shifted(0x1d400, 0x1d41a, 0x1d7ce) },
  { name: 'monospace letters', suits: 'any', view: 'folded', write: shifted(0x1d670, 0x1d68a, 0x1d7f6) },
  { name: 'Arabic digits', suits: 'number', view: 'folded', write: digitsAt(0x660) },
  { name: 'Persian digits', suits: 'number', view: 'folded', write: digitsAt(0x6f0) },
  { name: 'Devanagari digits', suits: 'number', view: 'folded', write: digitsAt(0x966) },
  { name: 'Thai digits', suits: 'number', view: 'folded', write: digitsAt(0xe50) },
  { name: 'circled', suits: 'any', view: 'folded', write: ENCLOSED },
  { name: 'superscript digits', suits: 'number', view: 'folded', write: mapped('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹') },
  { name: 'subscript digits', suits: 'number', view: 'folded', write: digitsAt(0x2080) },
  { name: 'keycap emoji', suits: 'number', view: 'folded', write: (v) => v.replace(/\d/g, (d) => `${d}\ufe0f\u20e3`) },
  { name: 'other spaces and hyphens', suits: 'number', view: 'folded', write: (v, r) => (v.match(/.{1,3}/g) ?? []).join(pick(['\u2009', '\u00a0', '\u2011', '\u2013'], r)) },
  // Numbers taken apart.
  { name: 'hyphens between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '-') },
  { name: 'spaces between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ' ') },
  { name: 'dots between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '.') },
  { name: 'slashes between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '/') },
  { name: 'underscores between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '_') },
  { name: 'commas between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ', ') },
  { name: 'bars between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ' | ') },
  { name: 'pairs', suits: 'number', view: 'joined', write: (v) => (numbers(v).match(/.{1,2}/g) ?? []).join(' ') },
  { name: 'uneven groups', suits: 'number', view: 'joined', write: (v, r) => each(numbers(v), (s) => s + pick(['', '', ' ', '-', '  '], r)).trim() },
  { name: 'thousands', suits: 'number', view: 'joined', write: (v) => numbers(v).replace(/\B(?=(?:\d{3})+$)/g, ',') },
  { name: 'a line end inside', suits: 'number', view: 'joined', write: (v) => { const d = numbers(v); const at = Math.floor(d.length / 2); return `${d.slice(0, at)}\n${d.slice(at)}`; } },
  { name: 'emoji between digits', suits: 'number', view: 'joined', write: (v, r) => [...numbers(v)].join(pick(EMOJI, r)) },
  { name: 'each digit in brackets', suits: 'number', view: 'joined', write: (v) => [...numbers(v)].map((d) => `(${d})`).join('') },
  { name: 'three dots', suits: 'number', view: 'joined', write: (v) => (numbers(v).match(/.{1,4}/g) ?? []).join('...') },
  // Words for signs and digits.
  { name: '[at] [dot]', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' [at] ', ' [dot] ') },
  { name: '(at) (dot)', suits: 'mail', view: 'spelled', write: (v) => dots(v, '(at)', '(dot)') },
  { name: 'at, dot', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' at ', ' dot ') },
  { name: 'AT, DOT', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' AT ', ' DOT ') },
  { name: '{at} <dot>', suits: 'mail', view: 'spelled', write: (v) => dots(v, '{at}', '<dot>') },
  { name: '_at_, .dot.', suits: 'mail', view: 'spelled', write: (v, r) => pick([dots(v, '_at_', '_dot_'), dots(v, '-at-', '-dot-')], r) },
  { name: 'only the at', suits: 'mail', view: 'spelled', write: (v, r) => v.replace('@', pick([' [at] ', ' (at) ', '[at]', '(a)', '[@]'], r)) },
  { name: 'at and dot of other languages', suits: 'mail', view: 'spelled', write: (v, r) => dots(v, ...pick<[string, string]>([[' arroba ', ' punto '], [' (ät) ', ' (punkt) '], [' arobase ', ' point '], [' chiocciola ', ' punto '], [' małpa ', ' kropka '], [' snabel-a ', ' punkt '], [' apenstaartje ', ' punt '], [' arroba ', ' ponto ']], r)) },
  { name: 'spaces around signs', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' @ ', ' . ') },
  { name: 'signs by name', suits: 'mail', view: 'spelled', write: (v) => dots(v.replaceAll('_', ' underscore ').replaceAll('-', ' dash ').replaceAll('+', ' plus '), ' at ', ' dot ') },
  { name: 'English digits', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'en', ' ') },
  { name: 'English digits, capitals', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'en', ' ').toUpperCase() },
  { name: 'English digits, oh and double', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'spoken', ' ') },
  { name: 'English digits, hyphens', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'en', '-') },
  { name: 'English digits, commas', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'en', ', ') },
  { name: 'words and digits mixed', suits: 'number', view: 'spelled', write: (v, r) => [...numbers(v)].map((d) => (r() < 0.5 ? d : respelled(d, 'en', ''))).join(' ') },
  ...(['de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr', 'ru'] as const).map((language): Obfuscation => ({ name: `digits in words (${language})`, suits: 'number', view: 'spelled', write: (v) => respelled(v, language, ' ') })),
  { name: 'O for 0, l for 1', suits: 'number', view: 'spelled', write: mapped('015', 'OlS') },
  // Not in anybody's list.
  { name: 'octal escapes', suits: 'any', view: 'unlisted', write: (v) => each(v, (_, c) => `\\${c.toString(8).padStart(3, '0')}`) },
  { name: '\\u{…} escapes', suits: 'any', view: 'unlisted', write: (v) => each(v, (_, c) => `\\u{${hex(c)}}`) },
  { name: 'CSS escapes', suits: 'mail', view: 'unlisted', write: (v) => signs(v, (_, c) => `\\${hex(c, 6)}`) },
  { name: 'backwards overridden', suits: 'any', view: 'unlisted', write: (v) => `\u202e${[...v].reverse().join('')}\u202c` },
  { name: 'direction marks', suits: 'any', view: 'unlisted', write: (v) => [...v].join('\u200e') },
  { name: 'variation selectors', suits: 'any', view: 'unlisted', write: (v) => [...v].join('\ufe01') },
  { name: 'Markdown emphasis inside', suits: 'any', view: 'unlisted', write: (v) => `**${v.slice(0, 4)}**${v.slice(4)}` },
  { name: 'HTML tags inside', suits: 'any', view: 'unlisted', write: (v) => `<b>${v.slice(0, 5)}</b>${v.slice(5)}` },
  { name: 'strings added', suits: 'any', view: 'unlisted', write: (v) => `"${v.slice(0, 5)}" + "${v.slice(5)}"` },
  { name: 'quoted reply inside', suits: 'number', view: 'unlisted', write: (v) => { const d = numbers(v); return `${d.slice(0, 5)}\n> ${d.slice(5)}`; } },
  { name: 'small capitals', suits: 'mail', view: 'unlisted', write: mapped('abcdefghijklmnoprstuvwyz', 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ') },
  { name: 'Roman and Bengali mixed', suits: 'number', view: 'unlisted', write: (v, r) => v.replace(/\d/g, (d) => (r() < 0.5 ? d : String.fromCodePoint(0x9e6 + Number(d)))) },
  { name: 'spaced letters', suits: 'mail', view: 'unlisted', write: (v) => between1(v, () => ' ') },
];

const byName = (name: string): Obfuscation => {
  const found = OBFUSCATIONS.find((each1) => each1.name === name);
  if (found === undefined) throw new Error(`There is no obfuscation “${name}”.`);
  return found;
};

/** The first, and the second of what came of it. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['full width', 'zero-width spaces'],
  ['hyphens between digits', 'full width'],
  ['spaces between digits', 'Arabic digits'],
  ['[at] [dot]', 'full width'],
  ['at, dot', 'Cyrillic look-alikes'],
  ['[at] [dot]', 'percent, all'],
  ['(at) (dot)', 'base64'],
  ['English digits', 'mathematical bold'],
  ['English digits', 'base64'],
  ['zero-width spaces', 'JSON escapes, all'],
  ['full width', 'percent, signs'],
  ['hex escapes', 'base64'],
  ['HTML entities, decimal', 'percent, all'],
  ['dots between digits', 'HTML entities, hex'],
  ['keycap emoji', 'other spaces and hyphens'],
  ['soft hyphens', 'base64'],
  ['uneven groups', 'zero-width spaces'],
  ['percent, all', 'base64'],
  ['combining marks', 'quoted-printable, soft line end'],
  ['digits in words (de)', 'zero-width spaces'],
];

export const PAIRED: readonly Obfuscation[] = PAIRS.map(([one, two]) => {
  const [first, second] = [byName(one), byName(two)];
  const suits = first.suits === 'any' ? second.suits : first.suits;
  return { name: `${one} + ${two}`, suits, view: second.view, write: (value, random) => second.write(first.write(value, random), random) };
});
