/** The heads that the server ships with, learned on one encoder: labels of any text, as the server would give them. */
import { type Classify, createClassify } from '../../src/classify/classify.ts';
import { readLabels } from '../../src/classify/labels/labels.ts';
import { readSettings } from '../../src/settings.ts';
import type { Classification } from '../../src/shapes.ts';
import { embedTexts, type Run } from './run.ts';

/** Nobody waits for an answer here: a slow text must not become an unclassified one. Milliseconds. */
const WAIT_MS_MAX = 600_000;

export interface ShippedHeads {
  readonly classify: Classify;
  /** The labels of each text; null where the server would have none. */
  readonly judge: (what: string, texts: readonly string[]) => Promise<(Classification | null)[]>;
}

/** @throws LabelsError when the shipped labels cannot be read */
export async function openShippedHeads(run: Run): Promise<ShippedHeads> {
  const labels = await readLabels(readSettings({}).TIERGATE_LABELS);
  const show = run.progress('learning the shipped labels', 1);
  const { encoder, heads } = run.contestant;
  const classify = await createClassify({ encoder, labels, heads, waitMsMax: WAIT_MS_MAX });
  show(1);
  return {
    classify,
    async judge(what, texts) {
      // Many at once is faster than one by one; the heads then find the vectors there.
      await embedTexts(run, what, texts);
      const judged = run.progress(`judging ${what}`, texts.length);
      const judgements: (Classification | null)[] = [];
      for (const text of texts) {
        const labelled = await classify.classify(text);
        judgements.push(labelled.status === 'classified' ? labelled : null);
        judged(judgements.length);
      }
      return judgements;
    },
  };
}
