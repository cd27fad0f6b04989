/** Sets of messages with intents: what a head learns from, and what it is tested on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shuffled } from '../../src/statistics/random.ts';
import type { Found } from './data-sets.ts';
import { type Fields, readJsonLines } from './json-lines.ts';
import { seeded } from './random.ts';
import { fieldOf, type Spec } from './spec.ts';

export interface Message {
  readonly text: string;
  /** Any of these is right; none: the message is out of scope. */
  readonly intents: readonly string[];
  /** An ISO 639-1 code or a name; null: nobody says. */
  readonly language: string | null;
}

export interface IntentSet {
  readonly name: string;
  readonly spec: Spec;
  /** Messages of one intent each. */
  readonly train: readonly Message[];
  /** Draws of a few of each intent that the set itself publishes, by how many. */
  readonly published: ReadonlyMap<number, readonly Message[]>;
  readonly test: readonly Message[];
  /** Messages that belong to no intent, to learn from; often none. */
  readonly strangersTrain: readonly Message[];
  /** The same, to test on; empty unless the set, or the one that its spec names, has some. */
  readonly strangersTest: readonly Message[];
}

/** Labels that say: belongs to none. */
const OUT_OF_SCOPE = ['', 'oos', 'ood', 'out_of_scope', 'null', 'none'];
/** Of several files, the first that is there. */
const TESTS = ['test', 'dev', 'valid', 'val', 'validation'];
/** Where one file is all there is: this share of each intent is tested on. */
const TEST_SHARE = 0.3;
/** An intent needs two messages to learn from; one more makes it testable. */
const MESSAGES_MIN = 3;

/** @param others to find the set in whose out-of-scope rows a spec wants */
export function readIntentSet(found: Found, others: readonly Found[]): IntentSet {
  const own = found.isFolder ? readFolder(found) : splitFile(found);
  const lender = others.find(({ name, isFolder }) => name === found.spec.strangers && isFolder);
  if (own.strangersTest.length > 0 || lender === undefined || lender.name === found.name) return own;
  return { ...own, strangersTest: readFolder(lender).strangersTest };
}

/** How many messages a model finds there to learn from: those for training where the set has a split of its own, else all. */
export function messagesToLearn({ path, isFolder }: Found): number {
  return readJsonLines(isFolder ? join(path, 'train.jsonl') : path).length;
}

function readFolder({ name, path, spec }: Found): IntentSet {
  const read = (file: string): Message[] => {
    const at = join(path, `${file}.jsonl`);
    return existsSync(at) ? readMessages(at, spec) : [];
  };
  const train = read('train');
  const testName = TESTS.find((each) => existsSync(join(path, `${each}.jsonl`)));
  if (testName === undefined) throw new Error(`${path} has no ${TESTS.join('.jsonl, ')}.jsonl to test on.`);
  const test = read(testName);
  const oosName = TESTS.map((each) => `oos_${each}`).find((each) => existsSync(join(path, `${each}.jsonl`)));
  const published = [5, 10].map((count) => [count, read(`train_${count}`).filter(isSingle)] as const);
  return {
    name,
    spec,
    train: train.filter(isSingle),
    published: new Map(published.filter(([, rows]) => rows.length > 0)),
    test: test.filter(isKnown),
    strangersTrain: [...train.filter(isStranger), ...read('oos_train').map(asStranger)],
    strangersTest: [
      ...test.filter(isStranger),
      ...(oosName === undefined ? [] : read(oosName)).map(asStranger),
    ],
  };
}

/**
 * One file: a seeded split, the same in every run, in proportion to each intent. Messages of several intents are tested
 * on only: a head learns one for each.
 */
function splitFile({ name, path, spec }: Found): IntentSet {
  const messages = withoutRare(shuffled(readMessages(path, spec), seeded(`split ${name}`)));
  const train: Message[] = [];
  const test: Message[] = messages.filter(({ intents }) => intents.length > 1);
  const others = messages.filter(({ intents }) => intents.length <= 1);
  for (const same of Map.groupBy(others, ({ intents }) => intents[0]).values()) {
    const tested = Math.round(TEST_SHARE * same.length);
    test.push(...same.slice(0, tested));
    train.push(...same.slice(tested));
  }
  return {
    name,
    spec,
    train: train.filter(isSingle),
    published: new Map(),
    test: test.filter(isKnown),
    strangersTrain: train.filter(isStranger),
    strangersTest: test.filter(isStranger),
  };
}

const isSingle = ({ intents }: Message): boolean => intents.length === 1;
const isKnown = ({ intents }: Message): boolean => intents.length > 0;
const isStranger = ({ intents }: Message): boolean => intents.length === 0;
const asStranger = (message: Message): Message => ({ ...message, intents: [] });

function readMessages(file: string, spec: Spec): Message[] {
  return readJsonLines(file).flatMap((row, at) => {
    const text = fieldOf(row, 'text', spec);
    if (typeof text !== 'string') throw new Error(`${file}: row ${at + 1} has no text.`);
    const intents = intentsOf(row, spec);
    if (intents === null || text.trim() === '') return [];
    const language = fieldOf(row, 'language', spec);
    return [{ text, intents, language: language === null ? null : String(language) }];
  });
}

/** Null: the row is left out. */
function intentsOf(row: Fields, spec: Spec): string[] | null {
  const value = fieldOf(row, 'label', spec);
  const published = Array.isArray(value) ? value.map(String) : [String(value ?? '')];
  const ours = published.map((label) => {
    const renamed = spec.labels?.[label];
    return renamed === undefined ? label : renamed;
  });
  // A list of no labels says that none of many was given, which is not: out of scope.
  if (ours.length === 0 || ours.includes(null)) return null;
  return ours.filter((label): label is string => label !== null && !OUT_OF_SCOPE.includes(label));
}

/** Leaves out messages whose every intent is too rare to be learned and tested. */
function withoutRare(messages: readonly Message[]): Message[] {
  const counts = new Map<string, number>();
  for (const { intents } of messages) {
    if (intents.length === 1) counts.set(intents[0] as string, (counts.get(intents[0] as string) ?? 0) + 1);
  }
  const isFrequent = (intent: string): boolean => (counts.get(intent) ?? 0) >= MESSAGES_MIN;
  return messages.filter(({ intents }) => intents.length === 0 || intents.some(isFrequent));
}
