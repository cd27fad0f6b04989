/**
 * The forms of many kinds of numbers as one tree: a text's groups are read through it once, and each place where a form
 * ends names its kinds. So a hundred forms cost no more than one, and what looks like none of them costs a step or two.
 */
import type { NumberRow } from './row.ts';

/** A row one of whose forms ends here. */
export interface Ending {
  readonly row: NumberRow;
  /** Its place among the rows. */
  readonly index: number;
  /** The ways in which the form's groups are usually parted, each as `partingOf` numbers it. */
  readonly partings: Set<number>;
}

/** The number of a way to part: the lengths of its groups one after the other, as digits in base 64. */
export const partingOf = (before: number, length: number): number => before * 64 + length;

export class FormTree {
  /** Two per node: the nodes for a letter and a digit; 0 where there is none. */
  readonly #next: number[] = [0, 0];
  readonly #endings: Ending[][] = [[]];

  constructor(rows: readonly NumberRow[]) {
    rows.forEach((row, index) => {
      for (const form of row.forms) this.#add(row, index, form);
    });
  }

  /** The node after `code` (an ASCII letter or digit), or 0 where no form goes on like this. The first node is 0. */
  step(node: number, code: number): number {
    return this.#next[node * 2 + (code <= 0x39 ? 1 : 0)] ?? 0;
  }

  endings(node: number): readonly Ending[] {
    return this.#endings[node] ?? [];
  }

  #add(row: NumberRow, index: number, form: string): void {
    const groups = form.split('-');
    const parting = groups.reduce((before, { length }) => partingOf(before, length), 0);
    let nodes = new Set([0]);
    for (const char of groups.join('')) {
      const classes = char === 'N' ? [0, 1] : [char === '9' ? 1 : 0];
      nodes = new Set([...nodes].flatMap((node) => classes.map((which) => this.#child(node, which))));
    }
    for (const node of nodes) {
      const endings = this.#endings[node] ?? [];
      let ending = endings.find((known) => known.row === row);
      if (ending === undefined) {
        ending = { row, index, partings: new Set() };
        endings.push(ending);
      }
      ending.partings.add(parting);
    }
  }

  #child(node: number, which: number): number {
    const at = node * 2 + which;
    const known = this.#next[at] ?? 0;
    if (known > 0) return known;
    const made = this.#endings.length;
    this.#next[at] = made;
    this.#next.push(0, 0);
    this.#endings.push([]);
    return made;
  }
}
