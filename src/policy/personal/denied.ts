/** Values that are always hidden: names of projects, of customers, of people that the policy lists. */
import type { EntityKind } from '../../personal-kinds.ts';
import type { OwnMatch } from '../../shapes.ts';
import { Listed } from './listed.ts';

export interface DeniedValue {
  readonly value: string;
  readonly kind: EntityKind;
}

export class Denied {
  readonly values: readonly DeniedValue[];
  readonly #listed: Listed;

  /** @param values of two rows for one value the later stands: a tenant's own come after those of all */
  constructor(values: readonly DeniedValue[]) {
    this.values = values;
    this.#listed = new Listed(
      values.map(({ value }) => value),
      'in any way',
    );
  }

  /** The list with more values; itself, if there are none. */
  with(values: readonly DeniedValue[]): Denied {
    return values.length === 0 ? this : new Denied([...this.values, ...values]);
  }

  find(text: string): OwnMatch[] {
    if (this.values.length === 0) return [];
    return this.#listed.find(text).flatMap(({ index, start, end }) => {
      const kind = this.values[index]?.kind;
      return kind === undefined ? [] : [{ start, end, kind, score: 1 }];
    });
  }
}
