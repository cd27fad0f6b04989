/**
 * The folder of labels: what a vocabulary's words mean, told by examples. `intent`, `urgency` and `difficulty`, each as
 * YAML (`labels: {name: {about, examples}}`, `out_of_scope: […]`), as JSON Lines (`{"text", "label"}`, label null for
 * out of scope) or as a table (columns `text` and `intent`). A file with a mistake is refused with every mistake's place.
 */
import { join } from 'node:path';
import { TEXTS } from '../../settings.ts';
import { URGENCIES } from '../../shapes.ts';
import { DIFFICULTIES } from '../difficulty/difficulty.ts';
import {
  readTrainedIntent,
  TRAINED_BYTES_MAX,
  TRAINED_FILE,
  type TrainedIntent,
} from '../intent/trained-intent.ts';
import type { LabelSet, Vocabulary } from './label-set.ts';
import { fileFault, LABELS_EXTENSIONS, readBounded, readDraft, readSource } from './labels-file.ts';

/** With fewer, what lies outside is told from the intents' own examples alone, and "hello" may pass for one of them. */
const OUT_OF_SCOPE_ADVISED = 10;
const FEW_OUT_OF_SCOPE =
  'The intents have few out_of_scope examples, so strange messages may pass for known ones: add some dozens.';

/** All that `classify` learns from. */
export interface Labels {
  /** Only with names where the intents are trained. */
  readonly intent: LabelSet;
  /** What was learned of the intents beforehand; they are not learned again. */
  readonly trained?: TrainedIntent;
  readonly urgency: LabelSet;
  readonly difficulty: LabelSet;
  /** What is probably not as it was meant, such as one text under two labels; a line each, with its place. */
  readonly warnings: readonly string[];
}

export interface ParsedLabels {
  readonly labels: LabelSet;
  readonly warnings: readonly string[];
}

const VOCABULARIES = {
  // Scope is learned by leaving one intent out, and a margin needs two others.
  intent: { labelsMin: 3, examplesPerLabelMin: 3 },
  urgency: { names: URGENCIES, labelsMin: 4, examplesPerLabelMin: 3 },
  difficulty: { names: DIFFICULTIES, labelsMin: 2, examplesPerLabelMin: 3 },
} as const satisfies Record<string, Vocabulary>;

/**
 * Reads the labels of a folder. Urgency and difficulty may be missing: then the shipped ones are taken.
 * @throws LabelsError with the problems of the first file that has any.
 */
export async function readLabels(folder: string): Promise<Labels> {
  const intent = await readIntent(folder);
  const urgency = await readOrShipped(folder, 'urgency');
  const difficulty = await readOrShipped(folder, 'difficulty');
  return {
    intent: intent.labels,
    ...(intent.trained === undefined ? {} : { trained: intent.trained }),
    urgency: urgency.labels,
    difficulty: difficulty.labels,
    warnings: [...intent.warnings, ...urgency.warnings, ...difficulty.warnings],
  };
}

/** Trained intents, or examples to learn them from. Both: the trained ones count. */
async function readIntent(folder: string): Promise<ParsedLabels & { readonly trained?: TrainedIntent }> {
  const examples = await readLabelsFile(folder, 'intent');
  const file = join(folder, TRAINED_FILE);
  const bytes = await readBounded(file, TRAINED_BYTES_MAX);
  if (bytes !== null) {
    const trained = readTrainedIntent(bytes, file);
    const both = `${file} counts; the intents' examples that lie beside it are not read.`;
    const labels = { names: trained.names, examples: [], outOfScope: [] };
    return { labels, trained, warnings: examples === null ? [] : [both] };
  }
  if (examples === null) {
    const forms = LABELS_EXTENSIONS.map((extension) => `intent${extension}`).join(', ');
    throw fileFault(
      join(folder, 'intent.yaml'),
      `There is no such file. TIERGATE_LABELS names a folder that holds ${TRAINED_FILE} or one of ${forms}.`,
    );
  }
  const { labels, warnings } = examples;
  const isFew = labels.outOfScope.length < OUT_OF_SCOPE_ADVISED;
  return { labels, warnings: isFew ? [...warnings, FEW_OUT_OF_SCOPE] : warnings };
}

/** Parses a labels file; its extension decides the format. @throws LabelsError */
export function parseLabels(source: string, file: string, vocabulary: Vocabulary): ParsedLabels {
  const draft = readDraft(source, file, vocabulary);
  draft.warnOfRepeats();
  return { labels: draft.toLabelSet(vocabulary.names), warnings: draft.warnings };
}

async function readOrShipped(folder: string, name: 'urgency' | 'difficulty'): Promise<ParsedLabels> {
  const shipped = TEXTS.TIERGATE_LABELS.default;
  const found = (await readLabelsFile(folder, name)) ?? (await readLabelsFile(shipped, name));
  if (found === null) throw fileFault(join(shipped, `${name}.yaml`), 'There is no such file.');
  return found;
}

/** Null: there is none. */
async function readLabelsFile(folder: string, name: keyof typeof VOCABULARIES): Promise<ParsedLabels | null> {
  for (const extension of LABELS_EXTENSIONS) {
    const file = join(folder, `${name}${extension}`);
    const source = await readSource(file);
    if (source !== null) return parseLabels(source, file, VOCABULARIES[name]);
  }
  return null;
}
