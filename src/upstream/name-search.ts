/** Tells which names a text shows plainly, by the same marks as the egress guard: what is told here it would refuse. */
import { Literals } from '../literals.ts';
import { folded, spaced } from './readings.ts';
import { isWholeName, nameForms, shownForms, VALUE_CHARS_MAX } from './value-forms.ts';

export class NameSearch {
  /** By form: two names can have one in common. */
  readonly #names: readonly (readonly string[])[];
  readonly #literals: Literals;

  /** @param names none is empty, or has a digit or an `@` */
  constructor(names: readonly string[]) {
    const forms = new Map<string, string[]>();
    for (const name of names) {
      for (const form of shownForms(name.slice(0, VALUE_CHARS_MAX)).flatMap(nameForms)) {
        const there = forms.get(form);
        if (there === undefined) forms.set(form, [name]);
        else there.push(name);
      }
    }
    this.#names = [...forms.values()];
    this.#literals = new Literals([...forms.keys()]);
  }

  /** As whole words, in their own case or in capitals, over line ends, with `+` for spaces; not what is escaped or encoded. */
  shownIn(text: string): ReadonlySet<string> {
    const shown = new Set<string>();
    if (this.#names.length === 0) return shown;
    for (const reading of new Set([spaced(text), spaced(folded(text))])) {
      for (const { index, start, end } of this.#literals.find(reading)) {
        if (!isWholeName(reading, start, end)) continue;
        for (const name of this.#names[index] ?? []) shown.add(name);
      }
    }
    return shown;
  }
}
