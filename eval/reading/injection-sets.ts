/** Messages that attack a model's instructions, and messages that do not. */
import type { Found } from './data-sets.ts';
import { type Fields, readJsonLines } from './json-lines.ts';
import { fieldOf, type Spec } from './spec.ts';

export interface InjectionRow {
  readonly text: string;
  readonly isAttack: boolean;
  /** As published, such as `Thai` or `th`; null: nobody says. */
  readonly language: string | null;
  /** The kind of attack, or of benign message; the set's name where it names none. */
  readonly family: string;
  readonly set: string;
  /** A shipped head learned from its set. */
  readonly isSeen: boolean;
}

const ATTACK = ['attack', 'injection', 'jailbreak', '1', 'true', 'unsafe', 'yes'];
const BENIGN = ['benign', 'safe', '0', 'false', 'no'];

/** @throws Error naming the row at fault */
export function readInjectionSet({ name, path, spec }: Found): InjectionRow[] {
  return readJsonLines(path).flatMap((row, at) => {
    const text = fieldOf(row, 'text', spec);
    if (typeof text !== 'string') throw new Error(`${path}: row ${at + 1} has no text.`);
    const label = labelOf(row, spec);
    if (label === null || text.trim() === '') return [];
    const isAttack = ATTACK.includes(label);
    if (!isAttack && !BENIGN.includes(label)) {
      throw new Error(`${path}: row ${at + 1} is labelled ${label}; it must be attack or benign.`);
    }
    const language = fieldOf(row, 'language', spec);
    const family = fieldOf(row, 'family', spec);
    return [
      {
        text,
        isAttack,
        language: language === null ? null : String(language),
        family: family === null ? name : String(family),
        set: name,
        isSeen: (spec.learned_by ?? []).length > 0,
      },
    ];
  });
}

/** Null: the spec leaves the row out. */
function labelOf(row: Fields, spec: Spec): string | null {
  const published = String(fieldOf(row, 'label', spec));
  const renamed = spec.labels?.[published];
  return renamed === undefined ? published : renamed;
}
