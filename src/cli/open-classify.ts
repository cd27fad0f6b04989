/** The classify stage as the server has it: what is labelled by a tool is labelled as it would be there. */
import { type Classify, createClassify } from '../classify/classify.ts';
import { openTrainedSets } from '../classify/intent/trained-sets.ts';
import { readLabels } from '../classify/labels/labels.ts';
import { readPackedHeads } from '../classify/packed-heads.ts';
import type { Settings } from '../settings.ts';
import { openEncoder } from './open-encoder.ts';

export interface OpenClassify {
  /** Folder of labels; none: the server's. */
  readonly labels?: string | undefined;
  /** Model pack; none: the server's. */
  readonly model?: string | undefined;
}

export interface OpenedClassify {
  readonly classify: Classify;
  /** What is probably not as it was meant in the labels. */
  readonly warnings: readonly string[];
  readonly close: () => Promise<void>;
}

/** @throws LabelsError, ModelPackError, Error */
export async function openClassify(
  settings: Settings,
  { labels: folder = settings.TIERGATE_LABELS, model = settings.TIERGATE_MODEL }: OpenClassify,
): Promise<OpenedClassify> {
  const labels = await readLabels(folder);
  const encoder = await openEncoder(settings, model);
  try {
    const heads = await readPackedHeads(model);
    const sets = await openTrainedSets({ folder, encoder, onReload: () => undefined });
    // A tool is done before anybody trains anew.
    sets.close();
    const waitMsMax = settings.TIERGATE_CLASSIFY_WAIT_MS_MAX;
    return {
      classify: await createClassify({ encoder, labels, sets, heads, waitMsMax }),
      warnings: labels.warnings,
      close: () => encoder.close(),
    };
  } catch (thrown) {
    await encoder.close();
    throw thrown;
  }
}
