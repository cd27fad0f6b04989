/**
 * Everything that needs the encoder: labels are learned, articles are read.
 */
import { join } from 'node:path';
import { type AnswerStage, createAnswer } from '../answer/answer.ts';
import { createKnowledge } from '../answer/knowledge.ts';
import { createAskModel } from '../answer/model.ts';
import { type Classify, createClassify } from '../classify/classify.ts';
import { openTrainedSets } from '../classify/intent/trained-sets.ts';
import { readLabels } from '../classify/labels/labels.ts';
import { readPackedHeads } from '../classify/packed-heads.ts';
import { createEncoder } from '../engine/create-encoder.ts';
import { createRememberingEncoder } from '../engine/remembering-encoder.ts';
import { serverEngine } from '../engine/server-engine.ts';
import type { Transport } from '../upstream/transport.ts';
import type { Opened } from './opened.ts';
import { exchangeLimits, type Surroundings } from './surroundings.ts';

/**
 * @param inside reaches the model server inside the perimeter, where there is one
 * @param onIntents called when trained intents have changed
 */
export async function understand(
  { settings, log, step, tell, openEncoder }: Surroundings,
  inside: Transport,
  { opened, onIntents }: { readonly opened: Opened; readonly onIntents: () => void },
) {
  const warnings: string[] = [];
  const inner = await step('Loading the encoder', () =>
    openEncoder === undefined
      ? createEncoder({
          ...serverEngine(settings),
          queueMax: settings.TIERGATE_ENGINE_QUEUE_MAX,
          warn: (sentence) => warnings.push(sentence),
        })
      : openEncoder(),
  );
  opened.defer(() => inner.close());
  const encoder = await createRememberingEncoder(inner, join(settings.TIERGATE_DATA, 'vectors'));
  const labels = await readLabels(settings.TIERGATE_LABELS);
  const heads = openEncoder === undefined ? await readPackedHeads(settings.TIERGATE_MODEL) : undefined;
  const sets = await openTrainedSets({
    folder: settings.TIERGATE_LABELS,
    encoder,
    onReload: ({ tenant, status, error }) => {
      const fields = tenant === null ? {} : { tenant };
      log.write(error === null ? 'info' : 'error', `intents_${status}`, fields);
      if (error !== null) tell(`${error.message}\n`);
      onIntents();
    },
  });
  opened.defer(sets.close);
  // Not before the step's own line is complete.
  for (const warning of [...warnings, ...labels.warnings]) tell(`${warning}\n`);
  const waitMsMax = settings.TIERGATE_CLASSIFY_WAIT_MS_MAX;
  const classify: Classify = await step('Learning the labels', (onProgress) =>
    createClassify({ encoder, labels, sets, heads, waitMsMax, onProgress }),
  );
  const knowledge = await step('Reading the approved answers', (onProgress) =>
    createKnowledge({ encoder, folder: settings.TIERGATE_KNOWLEDGE, onProgress }),
  );
  await encoder.keep();
  const { TIERGATE_LOCAL_BASE_URL: baseUrl, TIERGATE_LOCAL_MODEL: model } = settings;
  const askModel =
    baseUrl === '' ? undefined : createAskModel({ baseUrl, model }, inside, exchangeLimits(settings));
  const answer: AnswerStage = createAnswer({ knowledge, encoder, askModel });
  return { classify, knowledge, answer, engine: encoder.engine };
}
