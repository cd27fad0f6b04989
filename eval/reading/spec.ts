/**
 * What is said of a data set beside its rows, where the usual names do not fit: `NAME.spec.json`. `docs/evaluation.md`
 * explains every key.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Fields } from './json-lines.ts';

/** The fields of a row that are read; each may be called otherwise in a data set. */
export const FIELDS = ['text', 'label', 'language', 'family', 'weak', 'strong', 'group'] as const;
export type Field = (typeof FIELDS)[number];

export interface Spec {
  /** For people. */
  readonly title?: string;
  readonly source?: string;
  readonly licence?: string;
  /** Where the rows are, from the data folder; none: beside the spec. */
  readonly file?: string;
  /** The name that each field has in the rows. */
  readonly fields?: Readonly<Partial<Record<Field, string>>>;
  /** The same value for every row. */
  readonly constant?: Readonly<Partial<Record<Field, string>>>;
  /** Our label for each published one; null: the row is left out. A label that is not named stays as it is. */
  readonly labels?: Readonly<Record<string, string | null>>;
  /** Another intent set whose out-of-scope rows serve where this one has none. */
  readonly strangers?: string;
  /** Further numbers of examples of each intent to learn from, beside those of every set. */
  readonly shots?: readonly number[];
  /** Names a row's group by the number at the end of a field: the last whose beginning is not above it. */
  readonly groups?: { readonly field: string; readonly from: Readonly<Record<string, number>> };
  /** Artefacts that learned from these rows, such as `gte-small-int4` or `injection`: then it is no test of them. */
  readonly learned_by?: readonly string[];
}

const KEYS = [
  'title',
  'source',
  'licence',
  'file',
  'fields',
  'constant',
  'labels',
  'strangers',
  'shots',
  'groups',
  'learned_by',
];

/** @returns what the file says, or nothing where there is none @throws Error naming what is wrong with it */
export function readSpec(file: string): Spec {
  if (!existsSync(file)) return {};
  let spec: unknown;
  try {
    spec = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is no JSON.`, { cause });
  }
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec))
    throw new Error(`${file} is no object.`);
  for (const key of Object.keys(spec)) {
    if (!KEYS.includes(key))
      throw new Error(`${file}: \`${key}\` is no key of a spec; ${KEYS.join(', ')} are.`);
  }
  const { shots = [] } = spec as Spec;
  if (!Array.isArray(shots) || !shots.every((count) => Number.isInteger(count) && count > 1)) {
    throw new Error(`${file}: \`shots\` must be a list of whole numbers from 2 on.`);
  }
  for (const part of ['fields', 'constant'] as const) {
    for (const field of Object.keys((spec as Spec)[part] ?? {})) {
      if (!(FIELDS as readonly string[]).includes(field)) {
        throw new Error(`${file}: \`${part}\` names ${field}, and a row has ${FIELDS.join(', ')}.`);
      }
    }
  }
  return spec as Spec;
}

/** Names under which data sets publish a field. */
const USUAL: Readonly<Record<Field, readonly string[]>> = {
  text: ['text', 'prompt', 'utterance', 'message'],
  label: ['label', 'intent', 'intents', 'labels'],
  language: ['language', 'lang'],
  family: ['family', 'type', 'category'],
  weak: ['weak'],
  strong: ['strong'],
  group: ['group', 'task'],
};

/** A row's field: the spec's constant, the field that the spec names, or one of the usual names; null: there is none. */
export function fieldOf(row: Fields, field: Field, { constant, fields, groups }: Spec): unknown {
  const fixed = constant?.[field];
  if (fixed !== undefined) return fixed;
  if (field === 'group' && groups !== undefined) return groupOf(row[groups.field], groups.from);
  const named = fields?.[field];
  const names = named === undefined ? USUAL[field] : [named];
  return names.map((name) => row[name]).find((value) => value !== undefined) ?? null;
}

function groupOf(value: unknown, from: Readonly<Record<string, number>>): string | null {
  const number = Number(/\d+$/.exec(String(value))?.[0]);
  const found = Object.entries(from)
    .sort(([, a], [, b]) => a - b)
    .findLast(([, first]) => first <= number);
  return found?.[0] ?? null;
}
