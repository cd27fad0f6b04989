/** How the urgency head does on what it had not seen. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  createJudgeUrgency,
  decideUrgency,
  type UrgencyJudgement,
} from '../../../src/classify/urgency/urgency.ts';
import { URGENCIES, type Urgency } from '../../../src/shapes.ts';
import { type JudgedUrgency, LEVEL_SHARES, type UrgencyLesson } from './learn.ts';

/** Bins of alike confidence that the calibration error is measured in. */
const BINS = 10;

/** A message that no head learns from. */
export interface Ticket {
  readonly text: string;
  readonly level: number;
}

export function readTickets(): Ticket[] {
  const file = new URL('./tickets.yaml', import.meta.url);
  const byLevel: Record<Urgency, string[]> = parse(readFileSync(file, 'utf8'));
  return URGENCIES.flatMap((urgency, level) => byLevel[urgency].map((text) => ({ text, level })));
}

interface Judged {
  readonly level: number;
  readonly told: UrgencyJudgement;
  /** Rows of one message should be told alike. */
  readonly message: string;
}

/** @param vectors of the tickets */
export function urgencyReport(
  lesson: UrgencyLesson,
  tickets: readonly Ticket[],
  vectors: readonly ArrayLike<number>[],
): { figures: Record<string, Record<string, number>>; text: string } {
  const judgeTicket = createJudgeUrgency(lesson.head);
  const judged = ({ row, chances }: JudgedUrgency): Judged => ({ ...row, told: decideUrgency(chances) });
  const held = (isTaken: (row: JudgedUrgency['row']) => boolean): Judged[] =>
    lesson.families.filter(({ row }) => isTaken(row)).map(judged);
  const slices: Record<string, Judged[]> = {
    'template held out': held(({ topic }) => topic !== 'labels' && topic !== 'versions'),
    '– as it stands in the template': held(({ voice, topic }) => voice === 'plain' && topic !== 'labels'),
    '– by different people': held(({ voice }) => voice === 'signed'),
    'labels held out': held(({ topic }) => topic === 'labels'),
    'versions by hand held out': held(({ topic }) => topic === 'versions'),
    'topic held out': lesson.topics.filter(({ row }) => row.topic !== 'labels').map(judged),
    'tickets, never learned from': tickets.map(({ text, level }, at) => ({
      level,
      told: judgeTicket(vectors[at] as ArrayLike<number>, text),
      message: text,
    })),
  };
  const figures = Object.fromEntries(Object.entries(slices).map(([name, rows]) => [name, figuresOf(rows)]));
  const names = Object.keys(figures['labels held out'] ?? {});
  const lines = Object.entries(figures).map(
    ([name, own]) =>
      name.padEnd(34) + names.map((figure) => (own[figure] ?? Number.NaN).toFixed(3).padStart(12)).join(''),
  );
  return {
    figures,
    text: `urgency\n${''.padEnd(34)}${names.map((figure) => figure.padStart(12)).join('')}\n${lines.join('\n')}\n`,
  };
}

function figuresOf(rows: readonly Judged[]): Record<string, number> {
  const known = rows.filter(({ told }) => told.urgency !== null);
  const away = known.map(({ level, told }) => Math.abs(URGENCIES.indexOf(told.urgency as Urgency) - level));
  const share = (holds: number, of: number): number => holds / Math.max(1, of);
  return {
    rows: rows.length,
    told: share(known.length, rows.length),
    right: share(away.filter((levels) => levels === 0).length, known.length),
    'one off': share(away.filter((levels) => levels <= 1).length, known.length),
    ECE: calibrationError(known),
    flips: flipRate(rows),
  };
}

/** Expected calibration error in bins of equal weight, for traffic with the shares of levels that are assumed. */
function calibrationError(rows: readonly Judged[]): number {
  const counts = URGENCIES.map((_, level) => rows.filter((row) => row.level === level).length);
  const weightOf = ({ level }: Judged): number => (LEVEL_SHARES[level] as number) / (counts[level] as number);
  const sorted = [...rows].sort((a, b) => a.told.confidence - b.told.confidence);
  const total = sorted.reduce((sum, row) => sum + weightOf(row), 0);
  const gaps = new Float64Array(BINS);
  let before = 0;
  for (const row of sorted) {
    const bin = Math.min(BINS - 1, Math.floor((BINS * before) / total));
    const isRight = Number(row.told.urgency === URGENCIES[row.level]);
    gaps[bin] = (gaps[bin] as number) + (weightOf(row) * (isRight - row.told.confidence)) / total;
    before += weightOf(row);
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0);
}

/** Of pairs of rows of one message, the share that is told differently. */
function flipRate(rows: readonly Judged[]): number {
  let [pairs, flips] = [0, 0];
  for (const same of Map.groupBy(rows, ({ message }) => message).values()) {
    same.forEach((one, at) => {
      for (const other of same.slice(at + 1)) {
        pairs += 1;
        flips += Number(one.told.urgency !== other.told.urgency);
      }
    });
  }
  return pairs === 0 ? Number.NaN : flips / pairs;
}
