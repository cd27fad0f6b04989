/**
 * What the last look costs: the work on bodies of two megabytes, as a whole and in its longest piece, for which all other
 * requests wait. `node test/upstream/guard.bench.ts`; milliseconds of processor time, the best of six runs.
 */
import { stdout } from 'node:process';
import { searchLeaving } from '../../src/detect/leaving.ts';
import { ValueSearch } from '../../src/upstream/value-search.ts';

const CHARS = 1_900_000;
const RUNS = 6;
const fill = (text: string): string => text.repeat(CHARS / text.length);
const PROSE = 'The quick brown fox jumps over 13 lazy dogs, and "then" some more text follows here.\n';
/** Bytes that look random and are the same in every run. */
const bytes = Buffer.from(
  Array.from({ length: CHARS * 0.7 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 13) & 255),
);

const BODIES: Record<string, string> = {
  prose: fill(PROSE),
  Japanese: fill('それは千二百円です。電話は後で。\n'),
  code: fill('const someIdentifierName = otherFunctionName(argumentNumberOne);\n'),
  'line ends': fill('a\n'),
  '2 KB of prose': PROSE.repeat(24),
  'a picture': `data:image/png;base64,${bytes.toString('base64')}`,
};
const values = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i % 5 === 0 ? `Person Number${i}` : `person.${i}@mail.example`));

function measure(search: () => Iterable<boolean>): string {
  let best = { whole: Infinity, longest: 0 };
  for (let run = 0; run < RUNS; run++) {
    let [whole, longest] = [0, 0];
    let began = process.cpuUsage();
    for (const _found of search()) {
      const { user, system } = process.cpuUsage(began);
      whole += (user + system) / 1000;
      longest = Math.max(longest, (user + system) / 1000);
      began = process.cpuUsage();
    }
    if (whole < best.whole) best = { whole, longest };
  }
  return `${best.whole.toFixed(1)} (${best.longest.toFixed(1)})`;
}

stdout.write('| body | 5 values | 1,000 values | kinds |\n|---|---|---|---|\n');
for (const [name, content] of Object.entries(BODIES)) {
  const body = { messages: [{ role: 'user', content }] };
  const text = JSON.stringify(body);
  const few = measure(() => new ValueSearch(values(5)).lookIn(text));
  const many = measure(() => new ValueSearch(values(1_000)).lookIn(text));
  stdout.write(`| ${name} | ${few} | ${many} | ${measure(() => searchLeaving(body))} |\n`);
}
