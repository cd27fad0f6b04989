/** What a reader does not see, or sees as the same. */
import { pick } from '../../reading/random.ts';
import { each, mapped, type Obfuscation } from './obfuscation.ts';

const digitsAt =
  (zero: number): ((value: string) => string) =>
  (value) =>
    value.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
const shifted =
  (capital: number, small: number, zero: number): ((value: string) => string) =>
  (value) =>
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

export const UNSEEN: readonly Obfuscation[] = [
  {
    name: 'full width',
    suits: 'any',
    view: 'folded',
    write: (v) => each(v, (s, c) => (c > 32 && c < 127 ? String.fromCodePoint(c + 0xfee0) : s)),
  },
  { name: 'zero-width spaces', suits: 'any', view: 'folded', write: (v) => [...v].join('\u200b') },
  {
    name: 'zero-width joiners',
    suits: 'any',
    view: 'folded',
    write: (v, r) => each(v, (s) => s + pick(['', '\u200d', '\u2060', '\ufeff'], r)),
  },
  { name: 'soft hyphens', suits: 'any', view: 'folded', write: (v) => [...v].join('\u00ad') },
  { name: 'combining marks', suits: 'any', view: 'folded', write: (v) => each(v, (s) => `${s}\u0336`) },
  {
    name: 'accents',
    suits: 'mail',
    view: 'folded',
    write: (v) => each(v, (s) => (/[aeiou]/.test(s) ? `${s}\u0301` : s)),
  },
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
  {
    name: 'keycap emoji',
    suits: 'number',
    view: 'folded',
    write: (v) => v.replace(/\d/g, (d) => `${d}\ufe0f\u20e3`),
  },
  {
    name: 'other spaces and hyphens',
    suits: 'number',
    view: 'folded',
    write: (v, r) => (v.match(/.{1,3}/g) ?? []).join(pick(['\u2009', '\u00a0', '\u2011', '\u2013'], r)),
  },
];
