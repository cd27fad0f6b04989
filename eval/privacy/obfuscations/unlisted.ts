/** What is in nobody’s list. */
import { each, hex, mapped, numbers, type Obfuscation, signs } from './obfuscation.ts';

const between1 = (value: string, separator: (at: number) => string): string =>
  [...value.replace(/[^A-Za-z0-9@.]/g, '')]
    .map((sign, at) => (at === 0 ? sign : separator(at) + sign))
    .join('');

export const UNLISTED: readonly Obfuscation[] = [
  {
    name: 'octal escapes',
    suits: 'any',
    view: 'unlisted',
    write: (v) => each(v, (_, c) => `\\${c.toString(8).padStart(3, '0')}`),
  },
  {
    name: '\\u{…} escapes',
    suits: 'any',
    view: 'unlisted',
    write: (v) => each(v, (_, c) => `\\u{${hex(c)}}`),
  },
  {
    name: 'CSS escapes',
    suits: 'mail',
    view: 'unlisted',
    write: (v) => signs(v, (_, c) => `\\${hex(c, 6)}`),
  },
  {
    name: 'backwards overridden',
    suits: 'any',
    view: 'unlisted',
    write: (v) => `\u202e${[...v].reverse().join('')}\u202c`,
  },
  { name: 'direction marks', suits: 'any', view: 'unlisted', write: (v) => [...v].join('\u200e') },
  { name: 'variation selectors', suits: 'any', view: 'unlisted', write: (v) => [...v].join('\ufe01') },
  {
    name: 'Markdown emphasis inside',
    suits: 'any',
    view: 'unlisted',
    write: (v) => `**${v.slice(0, 4)}**${v.slice(4)}`,
  },
  {
    name: 'HTML tags inside',
    suits: 'any',
    view: 'unlisted',
    write: (v) => `<b>${v.slice(0, 5)}</b>${v.slice(5)}`,
  },
  {
    name: 'strings added',
    suits: 'any',
    view: 'unlisted',
    write: (v) => `"${v.slice(0, 5)}" + "${v.slice(5)}"`,
  },
  {
    name: 'quoted reply inside',
    suits: 'number',
    view: 'unlisted',
    write: (v) => {
      const d = numbers(v);
      return `${d.slice(0, 5)}\n> ${d.slice(5)}`;
    },
  },
  {
    name: 'small capitals',
    suits: 'mail',
    view: 'unlisted',
    write: mapped('abcdefghijklmnoprstuvwyz', 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ'),
  },
  {
    name: 'Roman and Bengali mixed',
    suits: 'number',
    view: 'unlisted',
    write: (v, r) => v.replace(/\d/g, (d) => (r() < 0.5 ? d : String.fromCodePoint(0x9e6 + Number(d)))),
  },
  { name: 'spaced letters', suits: 'mail', view: 'unlisted', write: (v) => between1(v, () => ' ') },
];
