/**
 * How long tokenizing takes, ours and the library @huggingface/tokenizers, on the shipped model pack and on small ones of the
 * other kinds: one after the other in turns, medians in microseconds on stdout.
 *
 *   node test/engine/tokenizer/tokenizer.bench.ts [--rounds N]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { createTokenizer } from '../../../src/engine/tokenizer/tokenizer.ts';
import { varietyOfLines } from './tokenizer.lines.ts';
import { learnPacks } from './tokenizer.packs.ts';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '50' } } });
const rounds = Number(options.rounds);
/** Rounds not counted, and the longest text that the engine hands to a tokenizer, about. */
const WARM_UP_ROUNDS = 10;
const LONG_CHARS = 12_000;

const MESSAGE =
  "Hi, I ordered a pair of running shoes (order #48-2213) on the 3rd of May and the tracking page still says 'label created'. " +
  'Could you please check whether the parcel has been lost, and either send a replacement or refund the €79.90 to my card? Thanks, Zoë';
const texts = {
  message: MESSAGE,
  'long, English': `${MESSAGE} `.repeat(LONG_CHARS).slice(0, LONG_CHARS),
  'long, many scripts': varietyOfLines(20_000).slice(10_000).join(' ').slice(0, LONG_CHARS).toWellFormed(),
  'long, one word': 'unrestable'.repeat(LONG_CHARS / 10),
  'long, short words without a cut': `${'q'.repeat(99)} `.repeat(LONG_CHARS / 100),
  'long, ideographs': '的'.repeat(LONG_CHARS),
};

const packs: Record<string, object> = {
  'gte-small': JSON.parse(
    readFileSync(new URL('../../../models/tiergate-small-int4/tokenizer.json', import.meta.url), 'utf8'),
  ),
  ...learnPacks(varietyOfLines(5_250).slice(5_000)),
};

const median = (durations: number[]): number =>
  durations.sort((one, other) => one - other)[Math.floor(durations.length / 2)] ?? Number.NaN;

const rows = [['tokenizer', 'text', 'tokens', 'ours µs', 'library µs'].join('\t')];
for (const [kind, pack] of Object.entries(packs)) {
  const ours = createTokenizer(pack);
  const library = new LibraryTokenizer(pack, {});
  for (const [name, text] of Object.entries(texts)) {
    const oursUs: number[] = [];
    const libraryUs: number[] = [];
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      const start = performance.now();
      ours.encode(text);
      const middle = performance.now();
      library.encode(text, { add_special_tokens: false });
      const end = performance.now();
      if (round < 0) continue;
      oursUs.push(1_000 * (middle - start));
      libraryUs.push(1_000 * (end - middle));
    }
    const cells = [median(oursUs), median(libraryUs)].map((each) => each.toFixed(1));
    rows.push([kind, name, ours.encode(text).length, ...cells].join('\t'));
    process.stderr.write(`\r${kind}: ${name} `);
  }
}
process.stderr.write('\n');
process.stdout.write(`${rows.join('\n')}\n`);
