/** Rows in which nobody is named, though they are full of numbers and codes: what a model of names must leave alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { pick } from './fill.ts';
import type { Row } from './rows.ts';

const FORMS = parse(
  readFileSync(fileURLToPath(new URL('harmless.yaml', import.meta.url)), 'utf8'),
) as string[];
const SIGNS: Readonly<Record<string, string>> = {
  '#': '0123456789',
  '@': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '~': 'abcdefghijklmnoprstuvw',
  '%': '0123456789abcdef',
  '*': '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ',
};
/** Several forms in one text. */
const MORE_SHARE = 0.25;

export function* harmless(random: () => number): Generator<Row, never> {
  for (;;) {
    const lines = [made(random)];
    while (random() < MORE_SHARE) lines.push(made(random));
    yield { pieces: [{ text: lines.join(pick(['\n', ' ', '. '], random)), kind: null }], origin: null };
  }
}

function made(random: () => number): string {
  const chosen = pick(FORMS, random).replace(/\{([^{}"]*\|[^{}"]*)\}/g, (_, words: string) =>
    pick(words.split('|'), random),
  );
  return chosen.replace(/[#@~%*]/g, (sign) => pick([...(SIGNS[sign] ?? sign)], random));
}
