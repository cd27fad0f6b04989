/** Numbers taken apart. */
import { pick } from '../../reading/random.ts';
import { each, numbers, type Obfuscation } from './obfuscation.ts';

const spread = (value: string, separator: string): string => [...numbers(value)].join(separator);
const EMOJI = ['🙂', '⭐', '🔥', '✅', '➡️'];

export const SEPARATORS: readonly Obfuscation[] = [
  { name: 'hyphens between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '-') },
  { name: 'spaces between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ' ') },
  { name: 'dots between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '.') },
  { name: 'slashes between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '/') },
  { name: 'underscores between digits', suits: 'number', view: 'joined', write: (v) => spread(v, '_') },
  { name: 'commas between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ', ') },
  { name: 'bars between digits', suits: 'number', view: 'joined', write: (v) => spread(v, ' | ') },
  {
    name: 'pairs',
    suits: 'number',
    view: 'joined',
    write: (v) => (numbers(v).match(/.{1,2}/g) ?? []).join(' '),
  },
  {
    name: 'uneven groups',
    suits: 'number',
    view: 'joined',
    write: (v, r) => each(numbers(v), (s) => s + pick(['', '', ' ', '-', '  '], r)).trim(),
  },
  {
    name: 'thousands',
    suits: 'number',
    view: 'joined',
    write: (v) => numbers(v).replace(/\B(?=(?:\d{3})+$)/g, ','),
  },
  {
    name: 'a line end inside',
    suits: 'number',
    view: 'joined',
    write: (v) => {
      const d = numbers(v);
      const at = Math.floor(d.length / 2);
      return `${d.slice(0, at)}\n${d.slice(at)}`;
    },
  },
  {
    name: 'emoji between digits',
    suits: 'number',
    view: 'joined',
    write: (v, r) => [...numbers(v)].join(pick(EMOJI, r)),
  },
  {
    name: 'each digit in brackets',
    suits: 'number',
    view: 'joined',
    write: (v) => [...numbers(v)].map((d) => `(${d})`).join(''),
  },
  {
    name: 'three dots',
    suits: 'number',
    view: 'joined',
    write: (v) => (numbers(v).match(/.{1,4}/g) ?? []).join('...'),
  },
];
