/** One text that grows piece by piece, its placeholders replaced by the values they stand for. */
import { type GrowingText, Moves } from '../changing/growing-text.ts';
import { type Notation, Place } from '../changing/place.ts';
import { begunAt, placeholdersIn } from '../placeholder/reading.ts';
import type { Vault } from '../placeholder/vault.ts';

export class RestoringText implements GrowingText {
  readonly #vault: Vault;
  readonly #place: Place;
  readonly #moves = new Moves();
  #held = '';
  /** The last character that is not held back. */
  #before = '';

  constructor(vault: Vault, notation: Notation) {
    this.#vault = vault;
    this.#place = new Place(notation);
  }

  /** Held back is only a tail that begins one of the vault's placeholders. */
  push(piece: string): string {
    const text = this.#held + piece;
    let shown = '';
    let read = 0;
    for (const { start, end, value } of placeholdersIn(text, this.#vault, this.#before)) {
      shown += this.#pass(text.slice(read, start)) + this.#put(value, text.slice(start, end));
      read = end;
    }
    const open = begunAt(text, read, this.#vault, this.#before);
    shown += this.#pass(text.slice(read, open));
    this.#held = text.slice(open);
    if (open > 0) this.#before = text[open - 1] ?? '';
    return shown;
  }

  get held(): number {
    return this.#held.length;
  }

  end(): string {
    const rest = this.#pass(this.#held);
    this.#held = '';
    return rest;
  }

  moved(offset: number): number {
    return this.#moves.moved(offset);
  }

  #pass(text: string): string {
    this.#place.read(text);
    this.#moves.pass(text);
    return text;
  }

  #put(value: string, placeholder: string): string {
    const written = this.#place.written(value);
    this.#place.read(placeholder);
    this.#moves.replace(placeholder, written);
    return written;
  }
}

/** Restores a whole text. */
export function restoredText(text: string, vault: Vault, notation: Notation): string {
  const restoring = new RestoringText(vault, notation);
  return restoring.push(text) + restoring.end();
}
