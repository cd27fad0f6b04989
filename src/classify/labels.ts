/**
 * Labels files: what a vocabulary's words mean, told by examples. `intent`, `urgency` and `difficulty`, each as YAML
 * (`labels: {name: {about, examples}}`, `out_of_scope: […]`) or as JSON Lines (`{"text", "label"}`, label null for out
 * of scope). A file with a mistake is refused with every mistake's place.
 */
import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { formatProblem, type Problem } from '../policy/problem.ts';
import { URGENCIES } from '../shapes.ts';
import { DIFFICULTIES } from './difficulty.ts';
import type { LabelSet, Vocabulary } from './label-set.ts';
import { Draft } from './labels-draft.ts';
import { readJsonLines } from './labels-jsonl.ts';
import { readYaml } from './labels-yaml.ts';

/** Largest labels file: 20,000 examples of 400 bytes. */
export const LABELS_BYTES_MAX = 8_388_608;
/** With fewer, what lies outside is told from the intents' own examples alone, and "hello" may pass for one of them. */
const OUT_OF_SCOPE_ADVISED = 10;
const FEW_OUT_OF_SCOPE =
  'The intents have few out_of_scope examples, so strange messages may pass for known ones: add some dozens.';
const EXTENSIONS = ['.yaml', '.yml', '.jsonl'] as const;

/** All that `classify` learns from. */
export interface Labels {
  readonly intent: LabelSet;
  readonly urgency: LabelSet;
  readonly difficulty: LabelSet;
  /** What is probably not as it was meant, such as one text under two labels; a line each, with its place. */
  readonly warnings: readonly string[];
}

/** A labels file cannot be used. The message names every problem with its place. */
export class LabelsError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n\n'));
    this.name = 'LabelsError';
    this.problems = problems;
  }
}

export interface ParsedLabels {
  readonly labels: LabelSet;
  readonly warnings: readonly string[];
}

const VOCABULARIES = {
  // Scope is learned by leaving one intent out, and a margin needs two others.
  intent: { labelsMin: 3 },
  urgency: { names: URGENCIES, labelsMin: 4 },
  difficulty: { names: DIFFICULTIES, labelsMin: 2 },
} as const satisfies Record<string, Vocabulary>;

/** Reads the three labels files of a folder. @throws LabelsError with the problems of the first file that has any. */
export async function readLabels(folder: string): Promise<Labels> {
  const intent = await readLabelsFile(folder, 'intent');
  const urgency = await readLabelsFile(folder, 'urgency');
  const difficulty = await readLabelsFile(folder, 'difficulty');
  return {
    intent: intent.labels,
    urgency: urgency.labels,
    difficulty: difficulty.labels,
    warnings: [
      ...intent.warnings,
      ...urgency.warnings,
      ...difficulty.warnings,
      ...(intent.labels.outOfScope.length < OUT_OF_SCOPE_ADVISED ? [FEW_OUT_OF_SCOPE] : []),
    ],
  };
}

/** Parses a labels file; its extension decides the format. @throws LabelsError */
export function parseLabels(source: string, file: string, vocabulary: Vocabulary): ParsedLabels {
  const draft = new Draft(source, file);
  if (extname(file) === '.jsonl') readJsonLines(source, draft);
  else readYaml(source, draft);
  if (draft.problems.length === 0) draft.check(vocabulary);
  if (draft.problems.length > 0) throw new LabelsError(inOrder(draft.problems));
  return { labels: draft.toLabelSet(vocabulary.names), warnings: draft.warnings };
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

async function readLabelsFile(folder: string, name: keyof typeof VOCABULARIES): Promise<ParsedLabels> {
  for (const extension of EXTENSIONS) {
    const file = join(folder, `${name}${extension}`);
    const source = await readBounded(file);
    if (source !== null) return parseLabels(source, file, VOCABULARIES[name]);
  }
  throw fileFault(
    join(folder, `${name}.yaml`),
    `There is no such file. TIERGATE_LABELS names a folder that holds ${name}${EXTENSIONS[0]} or ${name}.jsonl.`,
  );
}

/** The file's text, or null where there is no file. */
async function readBounded(file: string): Promise<string | null> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fileFault(file, `The file cannot be read (${error.code}).`);
  });
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    if (size > LABELS_BYTES_MAX) throw fileFault(file, `The file is larger than ${LABELS_BYTES_MAX} bytes.`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function fileFault(file: string, message: string): LabelsError {
  return new LabelsError([{ file, line: 1, column: 1, message, excerpt: '', suggestion: null }]);
}
