/** Reads what is to be learned from: a file of examples and, where there is one, a file of messages that are none. */
import { extname } from 'node:path';
import type { Vocabulary } from '../classify/labels/label-set.ts';
import { fileFault, readDraft, readSource } from '../classify/labels/labels-file.ts';
import { quote } from '../policy/problem.ts';

export interface TrainingExample {
  readonly text: string;
  /** Index into `names`. */
  readonly label: number;
  /** Where it stands: the line, or the row of a table. */
  readonly line: number;
}

/** A message that belongs to none of the intents. */
export interface OutsideMessage {
  readonly text: string;
  /** Null: it stands in a file of its own. */
  readonly line: number | null;
}

/** The same text once more; the second is left out. */
export interface Repeat {
  readonly line: number;
  /** The intent's name; null: out of scope. */
  readonly intent: string | null;
  readonly firstLine: number;
  readonly firstIntent: string | null;
}

export interface TrainingSet {
  readonly names: readonly string[];
  readonly examples: readonly TrainingExample[];
  readonly outOfScope: readonly OutsideMessage[];
  readonly repeats: readonly Repeat[];
  /** What is probably not as it was meant, a line each. */
  readonly warnings: readonly string[];
}

/** Scope is learned by leaving one intent out, and a margin needs two others. */
export const INTENTS_MIN = 3;
/** One cannot be held out to see how it would be judged. */
const EXAMPLES_PER_INTENT_MIN = 2;
const EXAMPLES: Vocabulary = { labelsMin: INTENTS_MIN, examplesPerLabelMin: 1 };
const OUTSIDE: Vocabulary = { labelsMin: 0, examplesPerLabelMin: 0, isAllOutOfScope: true };

/** @throws LabelsError naming everything at fault */
export async function readTrainingSet(file: string, outOfScopeFile?: string): Promise<TrainingSet> {
  const draft = readDraft(await readWhole(file), file, EXAMPLES);
  const outside = outOfScopeFile === undefined ? [] : await readOutside(outOfScopeFile);
  const counts = Map.groupBy(draft.examples, ({ label }) => label);
  const isLearned = (name: string): boolean => (counts.get(name)?.length ?? 0) >= EXAMPLES_PER_INTENT_MIN;
  const names = draft.names.filter(isLearned);
  if (names.length < INTENTS_MIN) {
    const least = `at least ${INTENTS_MIN} intents with ${EXAMPLES_PER_INTENT_MIN} examples or more each`;
    throw fileFault(file, `The file needs ${least}, and has ${names.length}.`);
  }
  const numbers = new Map(names.map((name, number) => [name, number]));
  return {
    names,
    examples: draft.examples.flatMap(({ text, label, line }) => {
      const number = label === null ? undefined : numbers.get(label);
      return number === undefined ? [] : [{ text, label: number, line }];
    }),
    outOfScope: [
      ...draft.examples.flatMap(({ text, label, line }) => (label === null ? [{ text, line }] : [])),
      ...[...new Set(outside)].map((text) => ({ text, line: null })),
    ],
    repeats: draft.repeats.map(({ example, first }) => ({
      line: example.line,
      intent: example.label,
      firstLine: first.line,
      firstIntent: first.label,
    })),
    warnings: [
      ...draft.names
        .filter((name) => !isLearned(name))
        .map((name) => `${quote(name)} has one example only, so it is not learned: add more.`),
      ...similarNames(names),
      ...draft.warnings,
    ],
  };
}

/** Any labels file; or, being a list, a text file with a message a line. */
async function readOutside(file: string): Promise<readonly string[]> {
  const source = await readWhole(file);
  if (extname(file).toLowerCase() === '.txt') {
    return source.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  }
  return readDraft(source, file, OUTSIDE).toLabelSet().outOfScope;
}

async function readWhole(file: string): Promise<string> {
  const source = await readSource(file);
  if (source === null) throw fileFault(file, 'There is no such file.');
  return source;
}

/** Names that differ in case, spaces and punctuation at most are one name, written by two people. */
function similarNames(names: readonly string[]): string[] {
  const alike = Map.groupBy(names, (name) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ''));
  return [...alike.values()].flatMap((same) =>
    same.length < 2 ? [] : [`The intents ${same.map(quote).join(' and ')} look like one.`],
  );
}
