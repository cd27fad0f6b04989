/** Prompts with the quality of a small and of a large model's answer. */
import type { Found } from './data-sets.ts';
import { readJsonLines } from './json-lines.ts';
import { fieldOf } from './spec.ts';

export interface RoutingRow {
  readonly text: string;
  /** Quality of the two answers, 0 to 1. */
  readonly weak: number;
  readonly strong: number;
  /** The benchmark that the prompt is from; null: nobody says. */
  readonly group: string | null;
}

/** @throws Error naming the row at fault */
export function readRoutingSet({ path, spec }: Found): RoutingRow[] {
  return readJsonLines(path).map((row, at) => {
    const [text, weak, strong, group] = (['text', 'weak', 'strong', 'group'] as const).map((field) =>
      fieldOf(row, field, spec),
    );
    const isShare = (value: unknown): value is number | boolean => Number(value) >= 0 && Number(value) <= 1;
    if (typeof text !== 'string' || !isShare(weak) || !isShare(strong) || weak === null || strong === null) {
      throw new Error(`${path}: row ${at + 1} needs a text, and \`weak\` and \`strong\` from 0 to 1.`);
    }
    return {
      text,
      weak: Number(weak),
      strong: Number(strong),
      group: group === null || group === undefined ? null : String(group),
    };
  });
}
