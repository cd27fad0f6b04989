/**
 * What a request's placeholders stand for. Lives as long as the request, in memory only; shows nothing of itself to
 * whoever prints or serializes it.
 */
import { inspect } from 'node:util';

export class Vault {
  readonly #values = new Map<string, string>();
  #sorted: readonly string[] | undefined;

  /** Keeps a value under its placeholder. */
  keep(placeholder: string, value: string): void {
    this.#values.set(placeholder, value);
    this.#sorted = undefined;
  }

  has(placeholder: string): boolean {
    return this.#values.has(placeholder);
  }

  /** The value that a placeholder stands for, in whatever case a model wrote it. */
  lookup(placeholder: string): string | undefined {
    return this.#values.get(placeholder) ?? this.#values.get(placeholder.toUpperCase());
  }

  /** Whether `text` is how some placeholder of this vault begins: more of it may come. */
  begins(text: string): boolean {
    this.#sorted ??= [...this.#values.keys()].sort();
    const wanted = text.toUpperCase();
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? '') < wanted) low = middle + 1;
      else high = middle;
    }
    const next = this.#sorted[low];
    return next?.startsWith(wanted) === true && next.length > wanted.length;
  }

  get size(): number {
    return this.#values.size;
  }

  toJSON(): string {
    return `Vault(${this.size})`;
  }

  toString(): string {
    return this.toJSON();
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}
