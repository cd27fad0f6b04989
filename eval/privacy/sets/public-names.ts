/** Public sets with names in them, as far as nothing learns from them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityKind } from '../../../src/personal-kinds.ts';
import { readJsonLines } from '../../reading/json-lines.ts';
import type { Planted, Row, SetOfRows } from '../row.ts';
import { titlesOf } from './names.ts';

/** The twelfth of a public set that is kept aside for judging, as models/recipes/names/rows.ts leaves it out of learning. */
export const isKeptAside = (text: string): boolean =>
  createHash('sha256').update(text).digest().readUInt32LE(4) % 12 === 0;

/** Those of the public sets that are in the folder. */
export function publicNameSets(folder: string): SetOfRows[] {
  return [wnut(join(folder, 'emerging.dev.conll')), lifebench(join(folder, 'lifebench.jsonl'))].filter(
    (set) => set !== null,
  );
}

const WNUT_KINDS: Readonly<Record<string, EntityKind>> = {
  person: 'PERSON',
  location: 'LOCATION',
  corporation: 'ORGANIZATION',
};

/** WNUT 2017: posts and comments, in tokens of a line each. Groups (bands, teams) count neither way, nor do user names. */
function wnut(file: string): SetOfRows | null {
  if (!existsSync(file)) return null;
  const posts = readFileSync(file, 'utf8').split(/\r?\n\s*\r?\n/);
  const rows = posts.flatMap((post): Row[] => {
    const lines = post.split(/\r?\n/).filter((line) => line.includes('\t'));
    return lines.length === 0 ? [] : [rowOfTokens(lines)];
  });
  return {
    name: 'wnut17 dev',
    about: 'Noisy posts and comments (WNUT 2017, CC BY 4.0), the part for development.',
    aim: 'hide',
    rows,
  };
}

function rowOfTokens(lines: readonly string[]): Row {
  let text = '';
  const planted: Planted[] = [];
  const neutral: { start: number; end: number }[] = [];
  for (const line of lines) {
    const [token = '', tag = 'O'] = line.split('\t');
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? token : `${text} ${token}`;
    const kind = WNUT_KINDS[tag.slice(2)];
    const last = planted.at(-1);
    if (kind !== undefined) {
      if (tag.startsWith('I-') && last !== undefined && last.end === start - 1)
        planted[planted.length - 1] = { ...last, end: text.length };
      else planted.push({ start, end: text.length, kind });
    } else if (tag.endsWith('-group') || /^(?:@|https?:|www\.)/.test(token))
      neutral.push({ start, end: text.length });
  }
  return { class: 'posts', frame: 'posts', text, planted, neutral };
}

const LIFEBENCH_KINDS: Readonly<Record<string, EntityKind>> = {
  PERSON: 'PERSON',
  LOCATION: 'LOCATION',
  ORG: 'ORGANIZATION',
  PHONE: 'PHONE_NUMBER',
  EMAIL: 'EMAIL_ADDRESS',
};

/** Lifebench: messages, notes and calendars. A model labelled them: what is not a name in capitals counts neither way. */
function lifebench(file: string): SetOfRows | null {
  if (!existsSync(file)) return null;
  const rows = readJsonLines(file).flatMap(({ text, spans }): Row[] => {
    if (typeof text !== 'string' || !Array.isArray(spans) || !isKeptAside(text)) return [];
    return [lifebenchRow(text, spans as { start: number; end: number; type: string }[])];
  });
  return {
    name: 'lifebench kept aside',
    about:
      'Messages, notes and calendars (lifebench-pii, Apache-2.0, labelled by a model), the twelfth kept aside.',
    aim: 'hide',
    rows,
  };
}

function lifebenchRow(text: string, spans: readonly { start: number; end: number; type: string }[]): Row {
  // The set counts code points.
  const offsets = [0];
  for (const sign of text) offsets.push((offsets.at(-1) ?? 0) + sign.length);
  const planted: Planted[] = [];
  const neutral: { start: number; end: number }[] = [];
  for (const span of spans) {
    const [start = 0, end = 0] = [offsets[span.start], offsets[span.end]];
    const kind = LIFEBENCH_KINDS[span.type];
    const isNamed = /\p{Lu}|\p{Lo}|\d{7}/u.test(text.slice(start, end));
    if (kind === undefined || !isNamed) neutral.push({ start, end });
    else planted.push({ start, end, kind });
  }
  return {
    class: 'messages',
    frame: 'messages',
    text,
    planted,
    neutral: [...neutral, ...titlesOf(text, planted)],
  };
}
