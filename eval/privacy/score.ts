/** What a tool hides of what is planted, and touches of what is not. */
import { type Interval, wilson } from '../measures/spread.ts';
import type { Row, SetOfRows } from './row.ts';
import type { Span, Tool } from './tools/tool.ts';

export interface Share {
  readonly right: number;
  readonly of: number;
  readonly share: number;
  readonly interval: Interval;
}

export interface Miss {
  readonly row: Row;
  readonly found: readonly Span[];
}

export interface SetScore {
  readonly set: string;
  readonly aim: SetOfRows['aim'];
  readonly tool: string;
  /** Values wholly hidden; or rows wholly left alone. */
  readonly all: Share;
  readonly byClass: ReadonlyMap<string, Share>;
  readonly byFrame: ReadonlyMap<string, Share>;
  readonly characters: Characters;
  readonly misses: readonly Miss[];
}

/** Letters and digits: what separators and brackets stand beside is what counts. */
export interface Characters {
  /** Personal ones that are left in the text, of all personal ones. */
  readonly left: number;
  readonly personal: number;
  /** Those that were hidden, and how many of them are personal. */
  readonly hidden: number;
  readonly hiddenPersonal: number;
  /** Of personal ones alone. */
  readonly byKind: ReadonlyMap<string, { readonly left: number; readonly of: number }>;
  readonly byOrigin: ReadonlyMap<string, { readonly left: number; readonly of: number }>;
  readonly byClass: ReadonlyMap<string, { readonly left: number; readonly of: number }>;
}

export async function score(tool: Tool, { name, aim, rows }: SetOfRows): Promise<SetScore> {
  const tally = {
    all: new Counter(),
    byClass: new Map<string, Counter>(),
    byFrame: new Map<string, Counter>(),
  };
  const characters = new CharacterTally();
  const misses: Miss[] = [];
  for (const row of rows) {
    const found = await tool.spansOf(row.text);
    const covered = coverOf(row.text, found);
    characters.add(row, covered);
    const isRight =
      aim === 'leave'
        ? found.length === 0
        : row.planted.every(({ start, end }) => isHidden(row.text, covered, start, end));
    for (const counter of [tally.all, at(tally.byClass, row.class), at(tally.byFrame, row.frame)]) {
      counter.of += 1;
      if (isRight) counter.right += 1;
    }
    if (!isRight) misses.push({ row, found });
  }
  return {
    set: name,
    aim,
    tool: tool.name,
    all: shareOf(tally.all),
    byClass: shares(tally.byClass),
    byFrame: shares(tally.byFrame),
    characters: characters.summed(),
    misses,
  };
}

class Counter {
  right = 0;
  of = 0;
}

const at = (counters: Map<string, Counter>, name: string): Counter => {
  const counter = counters.get(name) ?? new Counter();
  counters.set(name, counter);
  return counter;
};

const shareOf = ({ right, of }: Counter): Share => ({
  right,
  of,
  share: of === 0 ? Number.NaN : right / of,
  interval: wilson(right, of),
});

const shares = (counters: ReadonlyMap<string, Counter>): Map<string, Share> =>
  new Map([...counters].map(([name, counter]) => [name, shareOf(counter)]));

function coverOf(text: string, found: readonly Span[]): Uint8Array {
  const covered = new Uint8Array(text.length);
  for (const { start, end } of found) covered.fill(1, start, end);
  return covered;
}

const COUNTS = /[\p{L}\p{N}]/u;

/** Offsets of letters and digits; those of tags do not show, so they do not count. */
export function counting(text: string, start: number, end: number): number[] {
  const inTag = new Uint8Array(end - start);
  for (const tag of text.slice(start, end).matchAll(/<\/?[a-z]{1,10}>/gi)) {
    inTag.fill(1, tag.index, tag.index + tag[0].length);
  }
  const offsets: number[] = [];
  for (let offset = start; offset < end; offset += 1) {
    const code = text.codePointAt(offset) ?? 0;
    if (inTag[offset - start] === 0 && COUNTS.test(String.fromCodePoint(code))) offsets.push(offset);
    if (code > 0xffff) offset += 1;
  }
  return offsets;
}

const isHidden = (text: string, covered: Uint8Array, start: number, end: number): boolean =>
  counting(text, start, end).every((offset) => covered[offset] === 1);

class CharacterTally {
  #left = 0;
  #personal = 0;
  #hidden = 0;
  #hiddenPersonal = 0;
  readonly #byKind = new Map<string, { left: number; of: number }>();
  readonly #byOrigin = new Map<string, { left: number; of: number }>();
  readonly #byClass = new Map<string, { left: number; of: number }>();

  add({ text, planted, neutral = [], class: name }: Row, covered: Uint8Array): void {
    const isPersonal = new Uint8Array(text.length);
    const isNeutral = new Uint8Array(text.length);
    for (const { start, end } of neutral) isNeutral.fill(1, start, end);
    for (const { start, end, kind, origin } of planted) {
      isPersonal.fill(1, start, end);
      const offsets = counting(text, start, end);
      const left = offsets.filter((offset) => covered[offset] === 0).length;
      this.#left += left;
      this.#personal += offsets.length;
      this.#count(this.#byKind, kind, left, offsets.length);
      this.#count(this.#byClass, name, left, offsets.length);
      if (origin !== undefined) this.#count(this.#byOrigin, origin, left, offsets.length);
    }
    for (const offset of counting(text, 0, text.length)) {
      if (covered[offset] === 0 || (isNeutral[offset] === 1 && isPersonal[offset] === 0)) continue;
      this.#hidden += 1;
      if (isPersonal[offset] === 1) this.#hiddenPersonal += 1;
    }
  }

  #count(counts: Map<string, { left: number; of: number }>, name: string, left: number, of: number): void {
    const count = counts.get(name) ?? { left: 0, of: 0 };
    counts.set(name, { left: count.left + left, of: count.of + of });
  }

  summed(): Characters {
    return {
      left: this.#left,
      personal: this.#personal,
      hidden: this.#hidden,
      hiddenPersonal: this.#hiddenPersonal,
      byKind: this.#byKind,
      byOrigin: this.#byOrigin,
      byClass: this.#byClass,
    };
  }
}
