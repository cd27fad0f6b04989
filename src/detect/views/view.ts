/** One way of reading a text, and where in the text itself each of its characters comes from. */
import type { ViewName } from '../../shapes.ts';
import { type Groups, groupsOf } from '../groups.ts';
import { Tables } from '../said/table.ts';

/** The span of the raw text that a view's span from `start` to `end` (more than nothing) was read from. */
type ToRaw = (start: number, end: number) => readonly [start: number, end: number];

export class View {
  readonly name: ViewName;
  readonly text: string;
  /**
   * Whether it is put together from what may have nothing to do with one another: `list`, where it looks like a list of
   * numbers more than like one.
   */
  readonly guess: 'number' | 'list' | undefined;
  readonly raw: ToRaw;
  /** Of a part of a view: the whole of it, and where in it the part begins. */
  #whole: { readonly view: View; readonly at: number } | undefined;
  #groups: Groups | undefined;
  #tables: Tables | undefined;

  constructor(name: ViewName, text: string, raw: ToRaw, guess?: 'number' | 'list') {
    this.name = name;
    this.text = text;
    this.raw = raw;
    this.guess = guess;
  }

  /** Its runs of letters and digits, cut once for all that look at it. */
  get groups(): Groups {
    this.#groups ??= groupsOf(this.text);
    return this.#groups;
  }

  /** The name of the column in which a place is, where the text is a table; empty otherwise. */
  columnAt(place: number): string {
    if (this.#whole !== undefined) return this.#whole.view.columnAt(this.#whole.at + place);
    this.#tables ??= new Tables(this.text);
    return this.#tables.columnAt(place);
  }

  /** A part of it: its tables are still those of the whole. */
  slice(from: number, to: number): View {
    const part = new View(
      this.name,
      this.text.slice(from, to),
      (start, end) => this.raw(from + start, from + end),
      this.guess,
    );
    part.#whole = { view: this, at: from };
    return part;
  }
}

/** The text as it stands. */
export const rawView = (text: string): View => new View('raw', text, (start, end) => [start, end]);

/** A part of a view, by its first character, and the source it was read from. */
interface Stretch {
  readonly at: number;
  readonly from: number;
  to: number;
  /** Whether it is its source, character for character. If not, each character stands for the whole of the source. */
  readonly isCopy: boolean;
}

/**
 * Writes a view from the one before it, from left to right. It is kept as stretches, so that a change costs as much as it
 * changes, however long the text around it.
 */
export class ViewWriter {
  readonly #source: View;
  readonly #stretches: Stretch[] = [];
  #text = '';
  #read = 0;
  #differs = false;

  constructor(source: View) {
    this.#source = source;
  }

  /** Source characters read so far. */
  get read(): number {
    return this.#read;
  }

  /** Copies the source up to `end`. */
  keep(end: number): void {
    if (end <= this.#read) return;
    this.#begin(this.#read, end, true);
    this.#text += this.#source.text.slice(this.#read, end);
    this.#read = end;
  }

  /** Copies the source up to `start`, and writes `text`, or nothing, for what stands from there to `end`. */
  put(start: number, end: number, text: string): void {
    this.keep(start);
    this.#read = end;
    this.#differs = true;
    if (text === '') return;
    this.#begin(start, end, false);
    this.#text += text;
  }

  /** Copies the source up to `start`; what stands from there to `end` goes with the last character written, as an accent. */
  attach(start: number, end: number): void {
    this.keep(start);
    const last = this.#stretches.at(-1);
    this.#differs = true;
    this.#read = end;
    if (last === undefined) return;
    if (!last.isCopy) {
      last.to = end;
      return;
    }
    // Of a copy, only the last character is that one.
    const at = this.#text.length - 1;
    last.to--;
    if (at === last.at) this.#stretches.pop();
    this.#stretches.push({ at, from: last.to, to: end, isCopy: false });
  }

  /** The view, or the source if they are the same. */
  view(name: ViewName): View {
    if (!this.#differs) return this.#source;
    this.keep(this.#source.text.length);
    const source = this.#source;
    const stretches = this.#stretches;
    return new View(name, this.#text, (start, end) => {
      const first = stretchAt(stretches, start);
      const last = stretchAt(stretches, end - 1);
      if (first === undefined || last === undefined) return source.raw(start, end);
      return source.raw(
        first.isCopy ? first.from + start - first.at : first.from,
        last.isCopy ? last.from + end - last.at : last.to,
      );
    });
  }

  #begin(from: number, to: number, isCopy: boolean): void {
    this.#stretches.push({ at: this.#text.length, from, to, isCopy });
  }
}

/** The stretch that a character is in, by halving: there can be many. */
function stretchAt(stretches: readonly Stretch[], place: number): Stretch | undefined {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.at ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return stretches[low - 1];
}
