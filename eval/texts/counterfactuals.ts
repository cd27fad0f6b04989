/** The same message as members of different groups would write it (`counterfactuals.yaml`). */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Version {
  readonly group: string;
  readonly text: string;
}

/** One message in all its versions. */
export interface Counterfactual {
  /** What differs: names, dialects, … */
  readonly kind: string;
  readonly versions: readonly Version[];
}

interface Source {
  readonly slots: readonly {
    readonly kind: string;
    readonly groups: Readonly<Record<string, readonly string[]>>;
    readonly messages: readonly string[];
  }[];
  readonly versions: readonly {
    readonly kind: string;
    readonly messages: readonly Readonly<Record<string, string>>[];
  }[];
}

const FILE = new URL('./counterfactuals.yaml', import.meta.url);
const SLOT = '{}';

/** @throws Error when a template has no slot, or a message fewer than two versions */
export function readCounterfactuals(source = readFileSync(FILE, 'utf8')): Counterfactual[] {
  const { slots, versions } = parse(source) as Source;
  const filled = slots.flatMap(({ kind, groups, messages }) =>
    messages.map((message) => {
      if (!message.includes(SLOT)) throw new Error(`“${message}” has no ${SLOT}.`);
      const all = Object.entries(groups).flatMap(([group, values]) =>
        // A function, as a value may hold what `replace` reads as a pattern.
        values.map((value) => ({ group, text: capitalised(message.replace(SLOT, () => value)) })),
      );
      return { kind, versions: all };
    }),
  );
  const written = versions.flatMap(({ kind, messages }) =>
    messages.map((message) => ({
      kind,
      versions: Object.entries(message).map(([group, text]) => ({ group, text })),
    })),
  );
  const all = [...filled, ...written];
  for (const { versions: same } of all) {
    if (same.length < 2) throw new Error(`“${same[0]?.text ?? ''}” has nothing to be compared with.`);
  }
  return all;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
