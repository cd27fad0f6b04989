/** Messages made of two others: an attack seldom comes alone. */
import type { InjectionRow } from './row.ts';

const ACROSS = 1_200;

/** A message in one language with one in another: half of them attacks. */
export function acrossLanguages(rows: readonly InjectionRow[], random: () => number): InjectionRow[] {
  const short = rows.filter(({ text }) => text.length < 200);
  const benign = short.filter(({ isAttack, family }) => !isAttack && family !== 'retraction');
  const attacks = short.filter(
    ({ isAttack, family }) => isAttack && ['override', 'leak', 'secret', 'system'].includes(family),
  );
  const some = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  return Array.from({ length: ACROSS }, (_, at) => {
    const isAttack = at % 2 === 0;
    const [first, second] = [some(benign), some(isAttack ? attacks : benign)];
    const text = random() < 0.5 ? `${first.text} ${second.text}` : `${first.text}\n\n${second.text}`;
    return {
      text,
      isAttack,
      language: second.language,
      family: 'two languages',
      source: 'templates',
      group: second.group,
    };
  });
}

const CARRIED = 2_400;
const CARRIER_CHARS_MAX = 600;

/** Somebody else's honest text with a message of a template in its midst, or at an end: half of them attacks. */
export function carriedRows(
  templates: readonly InjectionRow[],
  carriers: readonly InjectionRow[],
  random: () => number,
): InjectionRow[] {
  const some = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const short = templates.filter(({ text, source }) => source === 'templates' && text.length < 300);
  const attacks = short.filter(({ isAttack }) => isAttack);
  const honest = short.filter(({ isAttack }) => !isAttack);
  const texts = carriers.filter(({ isAttack, text }) => !isAttack && text.length > 40);
  return Array.from({ length: CARRIED }, (_, at) => {
    const isAttack = at % 2 === 0;
    const carried = some(isAttack ? attacks : honest);
    const carrier = some(texts).text.slice(0, CARRIER_CHARS_MAX);
    const sentences = carrier.split(/(?<=[.!?\n])\s/);
    sentences.splice(Math.floor(random() * (sentences.length + 1)), 0, wrapped(carried.text, random));
    return { ...carried, text: sentences.join(some([' ', '\n', '\n\n'])), family: 'carried' };
  });
}

function wrapped(text: string, random: () => number): string {
  const wraps = [
    '',
    '',
    '',
    '<!-- * -->',
    '"*"',
    '[*]',
    '// *',
    '> *',
    '---\n*\n---',
    '<span hidden>*</span>',
  ];
  const wrap = wraps[Math.floor(random() * wraps.length)] as string;
  return wrap === '' ? text : wrap.replace('*', () => text);
}
