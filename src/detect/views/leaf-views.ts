/** The views of a request's texts, each made once: several looks are taken at them. */
import type { Leaf } from '../../shapes.ts';
import type { InPieces } from '../../turns.ts';
import type { View } from './view.ts';
import { viewsInPieces, viewsOf } from './views.ts';

export class LeafViews {
  readonly #leaves: readonly Leaf[];
  readonly #known = new Map<number, readonly View[]>();

  constructor(leaves: readonly Leaf[]) {
    this.#leaves = leaves;
  }

  of(leaf: number): readonly View[] {
    let views = this.#known.get(leaf);
    if (views === undefined) {
      views = viewsOf(this.#leaves[leaf]?.text ?? '', false);
      this.#known.set(leaf, views);
    }
    return views;
  }

  /** The same in pieces of work, for a long text. */
  *inPieces(leaf: number): InPieces<readonly View[]> {
    if (!this.#known.has(leaf)) {
      this.#known.set(leaf, yield* viewsInPieces(this.#leaves[leaf]?.text ?? '', false));
    }
    return this.of(leaf);
  }
}
