/** One text that grows piece by piece, its placeholders replaced by the values they stand for. */
import { PLACEHOLDER } from './placeholder.ts';
import type { Vault } from './vault.ts';

/**
 * What a text is written in: `json` (a tool call's arguments), where a value's quotes and line ends must be escaped, or
 * `guess`, which takes a text that begins as an object or an array of objects or strings does for JSON, as structured
 * output is, and all else for prose.
 */
export type Notation = 'json' | 'guess';

export class RestoringText {
  readonly #vault: Vault;
  #isJson: boolean | undefined;
  /** The first two characters that are no spaces, as long as they are too few to tell. */
  #opening = '';
  #held = '';

  constructor(vault: Vault, notation: Notation) {
    this.#vault = vault;
    this.#isJson = notation === 'json' ? true : undefined;
  }

  /**
   * Takes the next piece and gives all that can be shown. Held back is only a tail that begins one of the vault's
   * placeholders, so always less than a placeholder.
   */
  push(piece: string): string {
    if (this.#isJson === undefined) this.#guess(piece);
    const text = this.#held + piece;
    const open = text.lastIndexOf('[');
    const isBegun = open !== -1 && this.#vault.begins(text.slice(open));
    this.#held = isBegun ? text.slice(open) : '';
    return this.#restored(isBegun ? text.slice(0, open) : text);
  }

  #guess(piece: string): void {
    for (const [char] of piece.matchAll(/\S/g)) {
      this.#opening += char;
      if (this.#opening === '[') continue;
      this.#isJson = /^(?:\{|\[[{"])/.test(this.#opening);
      return;
    }
  }

  /** Code units held back. */
  get held(): number {
    return this.#held.length;
  }

  /** Gives what was held back: no more is coming, so it is no placeholder. */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #restored(text: string): string {
    if (!text.includes('[')) return text;
    return text.replace(PLACEHOLDER, (found) => {
      const value = this.#vault.lookup(found);
      if (value === undefined) return found;
      return this.#isJson === true ? JSON.stringify(value).slice(1, -1) : value;
    });
  }
}

/** Restores a whole text. */
export function restoredText(text: string, vault: Vault, notation: Notation): string {
  const restoring = new RestoringText(vault, notation);
  return restoring.push(text) + restoring.end();
}
