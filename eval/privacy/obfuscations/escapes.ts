/** What programs do to a value: escapes and encodings. */
import { dots, each, hex, type Obfuscation, signs } from './obfuscation.ts';

const quoted = (value: string): string =>
  [...Buffer.from(value)]
    .map((byte) =>
      /[A-Za-z0-9.]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `=${hex(byte).toUpperCase()}`,
    )
    .join('');

export const ESCAPES: readonly Obfuscation[] = [
  {
    name: 'JSON escapes, signs',
    suits: 'any',
    view: 'decoded',
    write: (v) =>
      signs(v, (_, c) => `\\u${hex(c, 4)}`).replace(
        /^([A-Za-z0-9]+)$/,
        (all) => `\\u${hex(all.charCodeAt(0), 4)}${all.slice(1)}`,
      ),
  },
  {
    name: 'JSON escapes, all',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `\\u${hex(c, 4)}`),
  },
  { name: 'hex escapes', suits: 'any', view: 'decoded', write: (v) => each(v, (_, c) => `\\x${hex(c)}`) },
  {
    name: 'percent, signs',
    suits: 'any',
    view: 'decoded',
    write: (v) =>
      encodeURIComponent(v)
        .replaceAll('.', '%2E')
        .replace(/^(\w)/, (sign) => `%${hex(sign.charCodeAt(0))}`),
  },
  {
    name: 'percent, all',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `%${hex(c).toUpperCase()}`),
  },
  {
    name: 'percent, twice',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `%25${hex(c).toUpperCase()}`),
  },
  {
    name: 'HTML entities, named',
    suits: 'mail',
    view: 'decoded',
    write: (v) => dots(v, '&commat;', '&period;'),
  },
  {
    name: 'HTML entities, decimal',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `&#${c};`),
  },
  {
    name: 'HTML entities, hex',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `&#x${hex(c)};`),
  },
  { name: 'quoted-printable', suits: 'mail', view: 'decoded', write: quoted },
  {
    name: 'quoted-printable, soft line end',
    suits: 'any',
    view: 'decoded',
    write: (v) => `${v.slice(0, 6)}=\n${v.slice(6)}`,
  },
  { name: 'base64', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('base64') },
  { name: 'base64url', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('base64url') },
  {
    name: 'base64, twice',
    suits: 'any',
    view: 'decoded',
    write: (v) => Buffer.from(Buffer.from(v).toString('base64')).toString('base64'),
  },
  { name: 'hex', suits: 'any', view: 'decoded', write: (v) => Buffer.from(v).toString('hex') },
  {
    name: 'hex, spaced',
    suits: 'any',
    view: 'decoded',
    write: (v) => each(v, (_, c) => `${hex(c)} `).trim(),
  },
];
