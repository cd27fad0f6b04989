/** Puts the figures into the marked sections of a model card. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Results } from './results.ts';
import { markdown } from './table.ts';
import { tablesOf } from './tables.ts';

const beginOf = (section: string): string => `<!-- eval ${section} -->`;
const endOf = (section: string): string => `<!-- /eval ${section} -->`;

/**
 * Fills every section that the card has marks for, `<!-- eval accuracy -->` to `<!-- /eval accuracy -->`, and that was
 * measured; what else is in the card stays.
 * @throws Error when the card has no mark that was measured, or a beginning without an end
 */
export function filledCard(card: string, results: Results): string {
  let filled = card;
  let count = 0;
  const tables = tablesOf(results);
  for (const [section, own] of Object.entries(tables)) {
    const [from, to] = [filled.indexOf(beginOf(section)), filled.indexOf(endOf(section))];
    if (from < 0 || own.length === 0) continue;
    if (to < from) throw new Error(`The card has ${beginOf(section)}, but no ${endOf(section)} after it.`);
    const text = own.map(markdown).join('\n\n');
    filled = `${filled.slice(0, from + beginOf(section).length)}\n\n${text}\n\n${filled.slice(to)}`;
    count += 1;
  }
  if (count > 0) return filled;
  const marks = Object.keys(tables).map((section) => `${beginOf(section)} ${endOf(section)}`);
  throw new Error(`The card has no place for what was measured. Places are marked so:\n${marks.join('\n')}`);
}

/** Whether a card can be written at the end of a run that takes long. @throws Error that says why not */
export function checkCard(file: string, isQuick: boolean): void {
  if (isQuick)
    throw new Error('A model card is not written from a quick run, whose figures are not for telling.');
  const card = readFileSync(file, 'utf8');
  if (!/<!-- eval [\w ]+ -->/.test(card))
    throw new Error(`${file} has no marked section (docs/evaluation.md).`);
}

/** @throws Error as `filledCard` */
export function writeCard(file: string, results: Results): void {
  writeFileSync(file, filledCard(readFileSync(file, 'utf8'), results));
}
