/**
 * Messages from templates. A template is one line: `(a|b|)` is one of these, `{slot}` is one line of the slot, `\n` a new
 * line, and a backslash before any other character that character.
 */
import { parse } from 'yaml';

/** Templates by what they are about; a slot may stand in its own block. */
export interface Grammar {
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly attack: Readonly<Record<string, readonly string[]>>;
  readonly benign: Readonly<Record<string, readonly string[]>>;
}

/** A slot may hold slots, but not without end. */
const DEPTH_MAX = 12;

/** @throws Error when a part is missing or is not lines of text */
export function readGrammar(source: string, file: string): Grammar {
  const parts: unknown = parse(source);
  const part = (name: 'slots' | 'attack' | 'benign'): Record<string, string[]> => {
    const blocks = isObject(parts) ? parts[name] : undefined;
    if (blocks === undefined && name === 'slots') return {};
    if (!isObject(blocks)) throw new Error(`${file}: there is no \`${name}\`.`);
    return Object.fromEntries(
      Object.entries(blocks).map(([key, block]) => [key, linesOf(block, `${file}: ${key}`)]),
    );
  };
  return { slots: part('slots'), attack: part('attack'), benign: part('benign') };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function linesOf(block: unknown, place: string): string[] {
  if (typeof block !== 'string') throw new Error(`${place} is not a text.`);
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw new Error(`${place} has no line.`);
  return lines;
}

/** One message of a template. @throws Error when a slot is not known, or a parenthesis is not closed */
export function expand(template: string, grammar: Grammar, random: () => number): string {
  const text = expandPart(template, grammar, random, 0);
  return text
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ([.,;!?])(?=\s|$)/g, '$1')
    .trim();
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

function expandPart(template: string, grammar: Grammar, random: () => number, depth: number): string {
  if (depth > DEPTH_MAX) throw new Error(`Slots nest too deeply: ${template}`);
  let text = '';
  for (let at = 0; at < template.length; at += 1) {
    const sign = template[at] as string;
    if (sign === '\\') {
      at += 1;
      text += template[at] === 'n' ? '\n' : (template[at] ?? '');
    } else if (sign === '{') {
      const end = template.indexOf('}', at);
      const slot = grammar.slots[template.slice(at + 1, end)] ?? grammar.benign[template.slice(at + 1, end)];
      if (slot === undefined) throw new Error(`There is no such slot: ${template.slice(at)}`);
      text += expandPart(pick(slot, random), grammar, random, depth + 1);
      at = end;
    } else if (sign === '(') {
      const { choices, end } = choicesAt(template, at);
      text += expandPart(pick(choices, random), grammar, random, depth);
      at = end;
    } else {
      text += sign;
    }
  }
  return text;
}

/** The choices of the parenthesis that opens at a place, and where it closes. */
function choicesAt(template: string, open: number): { choices: string[]; end: number } {
  const choices: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < template.length; at += 1) {
    const sign = template[at];
    if (sign === '\\') at += 1;
    else if (sign === '(') depth += 1;
    else if (sign === '|' && depth === 1) {
      choices.push(template.slice(from, at));
      from = at + 1;
    } else if (sign === ')') {
      depth -= 1;
      if (depth === 0) return { choices: [...choices, template.slice(from, at)], end: at };
    }
  }
  throw new Error(`A parenthesis is not closed: ${template}`);
}
