/**
 * What the urgency head learns from: our own templates, each message in several ways of writing that make it no more and no
 * less urgent. Seeded: the same rows every time.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { LabelSet } from '../../../src/classify/labels/label-set.ts';
import { URGENCIES, type Urgency } from '../../../src/shapes.ts';
import { seededRandom } from '../../../src/statistics/random.ts';
import { expand, type Grammar } from '../heads/grammar.ts';
import { createRandom, noisy } from '../tune/noisy-text.ts';

export interface UrgencyRow {
  readonly text: string;
  /** Index into `URGENCIES`. */
  readonly level: number;
  readonly topic: string;
  /** Rows of one family come from one template: they are never learned from and judged by at once. */
  readonly family: string;
  /** Rows of one message mean the same, written in other ways. */
  readonly message: string;
  /** `plain` as it stands in the template; else the way of writing. */
  readonly voice: string;
}

interface Manners {
  readonly around: readonly string[];
  readonly upset: readonly string[];
  readonly slots: Grammar['slots'];
  readonly voices: readonly Voice[];
}

interface Voice {
  readonly name: string;
  readonly rewrites: readonly (readonly [what: RegExp, instead: string])[];
  readonly before: string;
  readonly after: string;
}

const SEED = 6;
/** Messages of a template; ways of writing of each, besides the plain one. */
const MESSAGES = 3;
const VOICES = 3;
/** Chance that a habit of a voice shows in a message, and that the message has a greeting or the like around it. */
const HABIT_CHANCE = 0.85;
const AROUND_CHANCE = 0.6;
const UPSET_CHANCE = 0.3;
/** Of every so many templates one message is signed by as many different people. */
const SIGNED_EVERY = 6;
const SIGNED_BY = 8;

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`./${name}.yaml`, import.meta.url)), 'utf8');
const linesOf = (block: string): string[] => block.split('\n').filter((line) => line.trim() !== '');
const slotsOf = (blocks: Record<string, string>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(blocks).map(([slot, block]) => [slot, linesOf(block)]));
const pick = <T>(items: readonly T[], random: () => number): T =>
  items[Math.floor(random() * items.length)] as T;

/** All rows: of the templates, of the messages that were written by hand in several ways, and of the labels' examples. */
export function urgencyRows(labels: LabelSet): UrgencyRow[] {
  const examples = labels.examples.map(({ text, label }, at) => {
    const message = `labels/${at}`;
    return { text, level: label, topic: 'labels', family: message, message, voice: 'plain' };
  });
  return [...templateRows(), ...handWrittenRows(), ...examples];
}

function templateRows(): UrgencyRow[] {
  const { slots, topics } = parse(read('situations')) as {
    slots: Record<string, string>;
    topics: Record<string, Record<Urgency, string>>;
  };
  const manners = readManners();
  const grammar: Grammar = { slots: { ...slotsOf(slots), ...manners.slots }, attack: {}, benign: {} };
  const [random, persons] = [seededRandom(SEED), seededRandom(SEED + 1)];
  return Object.entries(topics).flatMap(([topic, byLevel]) =>
    URGENCIES.flatMap((urgency, level) =>
      linesOf(byLevel[urgency]).flatMap((template, line) => {
        const family = `${topic}/${urgency}/${line}`;
        return Array.from({ length: MESSAGES }, (_, n) => {
          const said = expand(template, grammar, random);
          const own = { level, topic, family, message: `${family}/${n}` };
          const ways = sayInWays(said, level, manners, grammar, random);
          if (n === 0 && line % SIGNED_EVERY === 0) ways.push(...signed(said, manners, grammar, persons));
          return ways.map((way) => ({ ...own, ...way }));
        }).flat();
      }),
    ),
  );
}

/** A message plainly, and in other ways. */
function sayInWays(
  said: string,
  level: number,
  manners: Manners,
  grammar: Grammar,
  random: () => number,
): { voice: string; text: string }[] {
  const slips = createRandom(Math.floor(random() * 2 ** 32));
  const dressed = (text: string): string => {
    const isUpset = level > 0 && random() < UPSET_CHANCE;
    if (!isUpset && random() >= AROUND_CHANCE) return text;
    return expand(pick(isUpset ? manners.upset : manners.around, random), grammar, random).replace(
      '[]',
      () => text,
    );
  };
  const ways = Array.from({ length: VOICES }, () => {
    const voice = pick(manners.voices, random);
    return { voice: voice.name, text: rewrite(dressed(said), voice, random) };
  });
  return [
    { voice: 'plain', text: said },
    { voice: 'dressed', text: capital(dressed(said)) },
    { voice: 'typos', text: noisy(said, slips) },
    { voice: 'case', text: random() < 0.5 ? said.toUpperCase() : `${capital(said)}.` },
    ...ways,
  ];
}

/** The same words from different people. */
function signed(
  said: string,
  { around }: Manners,
  grammar: Grammar,
  random: () => number,
): { voice: string; text: string }[] {
  const frame = pick(
    around.filter((line) => /\{(?:name|who)\}/.test(line)),
    random,
  );
  // One choice of words, so that nothing but the person differs.
  const [choice, persons] = [Math.floor(random() * 2 ** 32), new Set<string>()];
  const slot = /\{(?:name|who)\}/.exec(frame)?.[0] ?? '';
  while (persons.size < SIGNED_BY) persons.add(expand(slot, grammar, random));
  return [...persons].map((person) => ({
    voice: 'signed',
    text: expand(
      frame.replace(slot, () => person),
      grammar,
      seededRandom(choice),
    ).replace('[]', () => said),
  }));
}

function rewrite(text: string, { rewrites, before, after }: Voice, random: () => number): string {
  const say = (template: string): string => expand(template, { slots: {}, attack: {}, benign: {} }, random);
  let said = text;
  for (const [what, instead] of rewrites) {
    if (random() < HABIT_CHANCE) said = said.replace(what, say(instead));
  }
  return `${say(before)} ${said}${say(after).replace(/^(?=\w)/, ' ')}`.replaceAll(/\s+/g, ' ').trim();
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function readManners(): Manners {
  const { around, upset, voices, ...slots } = parse(read('manners')) as Record<string, string> & {
    voices: Record<string, { rewrites: string }>;
  };
  // The message itself is put in last: what looks like a template in it is none.
  const frames = (block: string): string[] => linesOf(block).map((line) => line.replace('{}', '[]'));
  return {
    around: frames(around as string),
    upset: frames(upset as string),
    slots: slotsOf(slots),
    voices: Object.entries(voices).map(([name, { rewrites }]) => voiceOf(name, linesOf(rewrites))),
  };
}

function voiceOf(name: string, lines: readonly string[]): Voice {
  const habits = lines.map((line) => line.split(/ ->\s?/) as [string, string]);
  const isAround = ([what]: readonly [string, string]): boolean => what === 'before' || what === 'after';
  return {
    name,
    rewrites: habits
      .filter((habit) => !isAround(habit))
      .map(([what, instead]) => [new RegExp(`\\b(?:${what})\\b`, 'giu'), instead] as const),
    before: habits.find(([what]) => what === 'before')?.[1] ?? '',
    after: habits.find(([what]) => what === 'after')?.[1] ?? '',
  };
}

function handWrittenRows(): UrgencyRow[] {
  const messages = parse(read('versions')) as { level: Urgency; versions: Record<string, string> }[];
  return messages.flatMap(({ level, versions }, at) => {
    const message = `versions/${at}`;
    return Object.entries(versions).map(([voice, text]) => ({
      text,
      level: URGENCIES.indexOf(level),
      topic: 'versions',
      family: message,
      message,
      voice: voice === 'Standard' ? 'plain' : voice,
    }));
  });
}
