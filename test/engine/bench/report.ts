/** The benchmark's figures as Markdown, and their place in docs/performance.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Accuracy } from './accuracy.ts';
import { type Concurrency, LANES, STREAMS, TOKENS } from './concurrency.ts';
import { type Latencies, LENGTHS } from './latency.ts';
import { ATTENTION, best, limitMs, type Operand, type Peak, type Shape } from './limit.ts';
import type { WholeWay } from './whole-way-process.ts';

export interface Measured {
  readonly threads: number;
  readonly latencies: Latencies;
  readonly peaks: readonly Peak[];
}

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly (string | number)[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');

/** Milliseconds by length; in brackets how many times the limit that is. */
export function latencyTable({ threads, latencies, peaks }: Measured, shape: Shape): string {
  const limit = (tokens: number): number => limitMs(peaks, shape, tokens, 'float32') ?? Number.NaN;
  const limits = ATTENTION.flatMap((operand) => {
    const cells = LENGTHS.flatMap((tokens) => limitMs(peaks, shape, tokens, operand) ?? []);
    return cells.length === 0 ? [] : [[`compute limit, attention in ${operand}`, ...cells.map(ms)]];
  });
  const engines = [...(latencies.values().next().value?.keys() ?? [])];
  return [
    `**${threads === 1 ? 'One thread' : `${threads} threads on one text`}**, median ms (times the limit with attention in float32)`,
    '',
    table(
      ['tokens', ...LENGTHS],
      [
        ...limits,
        ...engines.map((name) => [
          name,
          ...LENGTHS.map((tokens) => {
            const value = latencies.get(tokens)?.get(name) ?? Number.NaN;
            return `${ms(value)} (${(value / limit(tokens)).toFixed(2)})`;
          }),
        ]),
      ],
    ),
  ].join('\n');
}

/** How many times as long as the first engine the others take. */
export function ratioTable({ threads, latencies }: Measured): string {
  const [ours, ...others] = [...(latencies.values().next().value?.keys() ?? [])];
  const of = (tokens: number, name = ''): number => latencies.get(tokens)?.get(name) ?? Number.NaN;
  return [
    `How many times as long as ${ours} the others take, ${threads === 1 ? 'one thread' : `${threads} threads`}`,
    '',
    table(
      ['tokens', ...LENGTHS],
      others.map((name) => [
        name,
        ...LENGTHS.map((tokens) => (of(tokens, name) / of(tokens, ours)).toFixed(2)),
      ]),
    ),
  ].join('\n');
}

export function concurrencyTable(figures: readonly Concurrency[]): string {
  return [
    `**Two texts at once** (${TOKENS} tokens, one thread each), and the same while the event loop serves ${STREAMS} streams`,
    '',
    table(
      [
        'engine',
        'texts/s, one at a time',
        `texts/s, ${LANES} at a time`,
        'gain',
        'p50 ms with streams',
        'p99 ms with streams',
        'p99 ÷ p50',
        'event loop busy',
      ],
      figures.map(({ engine, alonePerS, togetherPerS, busyP50Ms, busyP99Ms, loopBusy }) => [
        engine,
        alonePerS.toFixed(0),
        togetherPerS.toFixed(0),
        `${(togetherPerS / alonePerS).toFixed(2)}×`,
        ms(busyP50Ms),
        ms(busyP99Ms),
        (busyP99Ms / busyP50Ms).toFixed(2),
        `${(100 * loopBusy).toFixed(0)} %`,
      ]),
    ),
  ].join('\n');
}

export function wholeWayTable(figures: readonly WholeWay[]): string {
  return [
    '**As the server runs it**: text of 64 tokens to vector, tokenizer and waiting included; start-up; memory',
    '',
    table(
      [
        'engine',
        'p50 ms',
        'p99 ms',
        'first answer after opening the pack, ms',
        'after starting Node, ms',
        'memory, MB',
      ],
      figures.map(({ engine, p50Ms, p99Ms, firstAnswerMs, processMs, memoryMb }) => [
        engine,
        ms(p50Ms),
        ms(p99Ms),
        firstAnswerMs.toFixed(0),
        processMs.toFixed(0),
        memoryMb.toFixed(0),
      ]),
    ),
  ].join('\n');
}

export function accuracyTable(accuracies: readonly Accuracy[], texts: number): string {
  return [
    `**Cosine to the float32 original** over ${texts} texts`,
    '',
    table(
      ['engine', 'mean', 'min'],
      accuracies.map(({ engine, mean, min }) => [engine, mean.toFixed(4), min.toFixed(4)]),
    ),
  ].join('\n');
}

/** The peaks that the limits stand on. */
export function peakTable(one: readonly Peak[], all: readonly Peak[], threads: number): string {
  const used = (peaks: readonly Peak[], operand: Operand): string => best(peaks, operand)?.unit ?? '';
  return [
    `**Peak rates** measured in the same run, billions of operations a second (a multiplication and an addition are two)`,
    '',
    table(
      ['instructions', 'values', 'one thread', `${threads} threads`],
      one.map((peak) => [
        `${peak.unit}${used(one, peak.operand) === peak.unit ? ' (taken for the limit)' : ''}`,
        peak.operand,
        (peak.operationsPerS / 1e9).toFixed(0),
        ((all.find(({ unit }) => unit === peak.unit)?.operationsPerS ?? Number.NaN) / 1e9).toFixed(0),
      ]),
    ),
  ].join('\n');
}

/**
 * Puts `text` between the marks `<!-- NAME -->` and `<!-- /NAME -->` of a Markdown file.
 * @throws Error when the file has no such marks
 */
export function writeSection(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const whole = readFileSync(file, 'utf8');
  const [from, to] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no section between ${begin} and ${end}.`);
  writeFileSync(file, `${whole.slice(0, from + begin.length)}\n${text}\n${whole.slice(to)}`);
}
