/**
 * Why a placeholder looks as it does: candidate forms are put through what happens to a model's words on their way, read
 * back, and counted in tokens; and what restoring costs a stream. docs/personal-data.md shows the tables.
 *
 *   node test/redact/placeholder/placeholder-forms.bench.ts [--tokenizers FOLDER]
 *
 *   --tokenizers  where `npm install --prefix FOLDER gpt-tokenizer llama3-tokenizer-js mistral-tokenizer-js
 *                 @anthropic-ai/tokenizer` has put them; without it no tokens are counted
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ID_LETTERS, placeholderOf } from '../../../src/placeholder-form.ts';
import { Vault } from '../../../src/redact/placeholder/vault.ts';
import { RestoringText, restoredText } from '../../../src/redact/restore/restoring-text.ts';

const KINDS = ['EMAIL_ADDRESS', 'PERSON', 'PHONE_NUMBER', 'CREDIT_CARD', 'US_SSN'] as const;
const BASE_32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Numbers that are the same in every run (Numerical Recipes' linear congruential generator). */
let state = 7;
function below(n: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const some = (letters: string, count: number): string =>
  Array.from({ length: count }, () => letters[below(letters.length)]).join('');

interface Form {
  readonly name: string;
  readonly id: () => string;
  readonly write: (kind: string, id: string) => string;
}
const id8 = () => some(BASE_32, 8);
const id9 = () => some('0123456789', 3) + some(ID_LETTERS, 3) + some('0123456789', 3);
const FORMS: readonly Form[] = [
  { name: '[KIND_7Q2M9XBK]', id: id8, write: (kind, id) => `[${kind}_${id}]` },
  { name: '<KIND_7Q2M9XBK>', id: id8, write: (kind, id) => `<${kind}_${id}>` },
  { name: '{{KIND_7Q2M9XBK}}', id: id8, write: (kind, id) => `{{${kind}_${id}}}` },
  { name: '⟦KIND_7Q2M9XBK⟧', id: id8, write: (kind, id) => `⟦${kind}_${id}⟧` },
  { name: '[KIND-7Q2M9XBK]', id: id8, write: (kind, id) => `[${kind}-${id}]` },
  { name: 'KIND_7Q2M9XBK', id: id8, write: (kind, id) => `${kind}_${id}` },
  { name: '[KIND_482KQX917]', id: id9, write: (kind, id) => `[${kind}_${id}]` },
  { name: 'KIND_482KQX917', id: id9, write: (kind, id) => placeholderOf(kind, '', id) },
];

/** Where a value may stand in an answer. A character that nothing changes marks it. */
const HERE = '\uE000';
const PLACES = [
  'Write to #, please.',
  'Dear #,',
  '**#** and *#*',
  '`#`',
  'the account of #’s sister',
  "#'s",
  'several #s',
  '“#”, (#)?',
  '[#](mailto:#)',
  '[Write to #][1]',
  '- [ ] #\n- [x] #',
  '| # | ok |',
  '{"to":"#"}',
  '["#"]',
  'https://x.example/?to=#&n=1',
  'From:# To:#.',
].map((place) => place.replaceAll('#', HERE));

const each = (text: string, signs: RegExp, change: (sign: string) => string): string =>
  text.replace(signs, change);
const hex = (sign: string, digits: number): string => sign.charCodeAt(0).toString(16).padStart(digits, '0');
const SIGNS = /[[\]{}<>_⟦⟧]/g;

/** Anything that has one of the forms. */
const NAME = '[A-Z][A-Z_]{1,20}[_-][0-9A-Z]{8,9}';
const WRITTEN = new RegExp(`\\[${NAME}\\](?!\\()|<${NAME}>|\\{\\{${NAME}\\}\\}|⟦${NAME}⟧|${NAME}`, 'g');

/** What is done to an answer: by the model, or by what it writes for. */
const CHANGES: Readonly<Record<string, (text: string) => string>> = {
  'as it was given': (text) => text,
  'lower case': (text) => text.toLowerCase(),
  'upper case': (text) => text.toUpperCase(),
  'title case': (text) => each(text.toLowerCase(), /(?<![a-z])[a-z]/g, (c) => c.toUpperCase()),
  'Markdown escapes': (text) => each(text, SIGNS, (c) => `\\${c}`),
  'only \\_': (text) => each(text, /_/g, (c) => `\\${c}`),
  'HTML escapes of & < >': (text) => each(text, /[&<>]/g, (c) => `&#${c.charCodeAt(0)};`),
  'HTML escapes of all signs': (text) => each(text, SIGNS, (c) => `&#${c.charCodeAt(0)};`),
  'JSON escapes of all signs': (text) => each(text, SIGNS, (c) => `\\u${hex(c, 4)}`),
  'percent escapes': (text) => each(text, /[[\]{}<>]/g, (c) => `%${hex(c, 2)}`),
  'HTML tags taken out': (text) => text.replace(/<[^<>]{1,60}>/g, ''),
  '{{}} filled in by a template': (text) => text.replace(/\{\{[^{}]{1,60}\}\}/g, ''),
  'brackets dropped': (text) => text.replace(/[[\]{}<>⟦⟧]/g, ''),
  'brackets added': (text) => text.replace(WRITTEN, '[$&]'),
  'made a Markdown link': (text) =>
    text.replace(WRITTEN, (written) => (/^\[/.test(written) ? `${written}(/a)` : `[${written}](/a)`)),
  'spaces for _': (text) => text.replaceAll('_', ' '),
  'hyphens for _': (text) => text.replaceAll('_', '-'),
  'zero-width space after _': (text) => text.replaceAll('_', '_\u200B'),
  'a line end after _': (text) => text.replaceAll('_', '_\n'),
};

/** Restores as the form's own letters say, in either case. */
const exactly = (text: string, placeholder: string, value: string): string =>
  text.replace(new RegExp(placeholder.replace(/[[\]{}]/g, '\\$&'), 'gi'), () => value);

/** Our reader, for what it reads: whatever stands for `_`, and brackets if both are there. */
const BRACKETS = /(?:\\?\[|&#91;|\\u005b|%5b|⟦|<|\{\{)?@(?:\\?\]|&#93;|\\u005d|%5d|⟧|>|\}\})?/gi;
function leniently(
  text: string,
  form: Form,
  kind: (typeof KINDS)[number],
  id: string,
  value: string,
): string {
  const isBare = form.write(kind, id).startsWith(kind);
  const letters = [...`${kind.replaceAll('_', '')}${id}`].join(
    '(?:\\\\u005f|&#95;|%5f|[\\\\\\s_\\u200B-]){0,9}',
  );
  const marked = text.replace(new RegExp(letters, 'gi'), '@');
  return (isBare ? marked : marked.replace(BRACKETS, '@')).replaceAll('@', () => value);
}

const VALUE = 'jane+1%example.org'.replace('%', '(at)');
/** Where what was done is to be seen in the answer. */
const EXPECTED: Readonly<Record<string, string>> = {
  'brackets added': `[${VALUE}]`,
  'made a Markdown link': `[${VALUE}](/a)`,
};
function survival(
  form: Form,
  read: (text: string, kind: (typeof KINDS)[number], id: string) => string,
): number[] {
  return Object.entries(CHANGES).map(([name, change]) => {
    let kept = 0;
    let asked = 0;
    for (const place of PLACES) {
      for (const kind of KINDS) {
        const id = form.id();
        const expected = change(place).replaceAll(HERE, EXPECTED[name] ?? VALUE);
        if (read(change(place.replaceAll(HERE, form.write(kind, id))), kind, id) === expected) kept++;
        asked++;
      }
    }
    return kept / asked;
  });
}

const percent = (share: number): string => (share * 100).toFixed(0);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const lines: string[] = [];

const columns = FORMS.map((form) => ({
  form,
  exact: survival(form, (text, kind, id) => exactly(text, form.write(kind, id), VALUE)),
  lenient: survival(form, (text, kind, id) => leniently(text, form, kind, id, VALUE)),
}));
const ours = survival(FORMS.at(-1) as Form, (text, kind, id) => {
  const vault = new Vault();
  vault.keep({ kind, part: '', id, value: VALUE });
  return restoredText(text, vault, 'prose');
});
lines.push(
  `Answers that come back exactly, of ${PLACES.length} places × ${KINDS.length} kinds, in percent; read as written (in any case) / leniently`,
);
lines.push(row(['what was done', ...FORMS.map(({ name }) => `\`${name}\``), 'as restored']));
lines.push(row(['---', ...FORMS.map(() => '---:'), '---:']));
Object.keys(CHANGES).forEach((name, i) => {
  const cells = columns.map(
    ({ exact, lenient }) => `${percent(exact[i] ?? 0)} / ${percent(lenient[i] ?? 0)}`,
  );
  lines.push(row([name, ...cells, percent(ours[i] ?? 0)]));
});
const mean = (shares: readonly number[]): number =>
  shares.reduce((sum, share) => sum + share, 0) / shares.length;
lines.push(
  row([
    'mean',
    ...columns.map(({ exact, lenient }) => `${percent(mean(exact))} / ${percent(mean(lenient))}`),
    percent(mean(ours)),
  ]),
);

type Count = (text: string) => number;
async function openTokenizers(folder: string): Promise<Record<string, Count>> {
  const require = createRequire(join(resolve(folder), 'node_modules', 'x.js'));
  const load = async (name: string) => import(pathToFileURL(require.resolve(name)).href);
  const [o200k, cl100k] = [
    await load('gpt-tokenizer/encoding/o200k_base'),
    await load('gpt-tokenizer/encoding/cl100k_base'),
  ];
  const llama = (await load('llama3-tokenizer-js')).default;
  const mistral = (await load('mistral-tokenizer-js')).default;
  const { countTokens } = await load('@anthropic-ai/tokenizer');
  return {
    o200k: (text) => o200k.encode(text).length,
    cl100k: (text) => cl100k.encode(text).length,
    'Llama 3': (text) => llama.encode(text, { bos: false, eos: false }).length,
    Mistral: (text) => mistral.encode(text, false, false).length,
    'Claude 2': countTokens,
  };
}

const { values } = parseArgs({ options: { tokenizers: { type: 'string' } } });
if (values.tokenizers !== undefined) {
  const tokenizers = await openTokenizers(values.tokenizers);
  lines.push('', 'Tokens of a placeholder in a sentence, mean of 40 for each kind');
  lines.push(
    row(['form', ...Object.keys(tokenizers)]),
    row(['---', ...Object.keys(tokenizers).map(() => '---:')]),
  );
  const sentence = (word: string): string => `Please write to ${word}about it.`;
  for (const form of FORMS) {
    const cells = Object.values(tokenizers).map((count) => {
      const counts = KINDS.flatMap((kind) =>
        Array.from(
          { length: 40 },
          () => count(sentence(`${form.write(kind, form.id())} `)) - count(sentence('')),
        ),
      );
      return mean(counts).toFixed(1);
    });
    lines.push(row([`\`${form.name}\``, ...cells]));
  }
}

/** A stream of prose in pieces as models send them, with a placeholder now and then. */
lines.push(
  '',
  'A stream, in pieces of one word or sign, every fiftieth a placeholder in four pieces; best of five runs',
);
lines.push(
  row([
    'values in the vault',
    'µs a piece',
    'pieces held back wholly, %',
    'held back a piece, characters',
    'at most, pieces',
  ]),
);
lines.push(row(['---:', '---:', '---:', '---:', '---:']));
const prose =
  readFileSync(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8').match(/\s?\w{1,6}|\W/g) ?? [];
for (const count of [1, 10, 100, 1000]) {
  const vault = new Vault();
  const given = Array.from({ length: count }, (_, i) => {
    const kind = KINDS[i % KINDS.length] ?? 'PERSON';
    const id = id9();
    vault.keep({ kind, part: '', id, value: `value ${i}` });
    return placeholderOf(kind, '', id);
  });
  const pieces = prose.flatMap((piece, i) =>
    i % 50 === 0 ? [piece, ' ', ...((given[i % count] ?? '').match(/.{1,6}/g) ?? [])] : [piece],
  );
  let best = Number.POSITIVE_INFINITY;
  let [whole, held, longest] = [0, 0, 0];
  for (let run = 0; run < 5; run++) {
    const restoring = new RestoringText(vault, 'unknown');
    [whole, held, longest] = [0, 0, 0];
    let waiting = 0;
    const start = performance.now();
    for (const piece of pieces) {
      const shown = restoring.push(piece);
      waiting = shown === '' ? waiting + 1 : 0;
      longest = Math.max(longest, waiting);
      if (shown === '') whole++;
      held += restoring.held;
    }
    best = Math.min(best, performance.now() - start);
  }
  const { length } = pieces;
  lines.push(
    row([
      String(count),
      ((best * 1000) / length).toFixed(2),
      ((100 * whole) / length).toFixed(1),
      (held / length).toFixed(2),
      String(longest),
    ]),
  );
}
process.stdout.write(`${lines.join('\n')}\n`);
