/**
 * The composition root: builds every part from the settings and puts them together. Nothing else calls constructors of
 * rooms it does not own.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { type AnswerStage, createAnswer } from './answer/answer.ts';
import { createKnowledge, type Knowledge } from './answer/knowledge.ts';
import { createAskModel } from './answer/model.ts';
import { createAuthenticate } from './authenticate/authenticate.ts';
import { digestOf, loadKeys, newKey, type StoredKey } from './authenticate/keys.ts';
import { type Classify, createClassify } from './classify/classify.ts';
import { readLabels } from './classify/labels.ts';
import { decide } from './decide/decide.ts';
import { createDetect } from './detect/detect.ts';
import { containsPersonal } from './detect/structured.ts';
import type { Encoder } from './engine/encoder.ts';
import { createOnnxEncoder } from './engine/onnx-encoder.ts';
import { createRememberingEncoder } from './engine/remembering-encoder.ts';
import { createEscalate } from './escalate/escalate.ts';
import { createHandoff } from './handoff/handoff.ts';
import { openQueue } from './handoff/queue.ts';
import { announcementOf, type Send, startWebhook, type WebhookReport } from './handoff/webhook.ts';
import { type AppParts, createApp } from './http/app.ts';
import { createReadJson } from './http/body.ts';
import type { Stages } from './journey.ts';
import { openPolicy, type PolicyKeeper } from './policy/keeper.ts';
import { OWN_MODELS } from './policy/policy.ts';
import { openDecisionLog } from './record/decision-log.ts';
import { errorFields, type Log } from './record/log.ts';
import { readPrice } from './record/metrics.ts';
import { createRecorder } from './record/record.ts';
import { otlpSignals, startTelemetry, type TelemetryOptions } from './record/telemetry.ts';
import { createRedact } from './redact/redact.ts';
import type { Settings } from './settings.ts';
import { ENTITY_KINDS } from './shapes.ts';
import { Trip } from './trip.ts';
import type { ExchangeLimits } from './upstream/exchange.ts';
import { guarded } from './upstream/guard.ts';
import { findModel, loadProviders, type Provider, qualifiedName } from './upstream/providers.ts';
import { rehearse } from './upstream/rehearsal.ts';
import { createHttpTransport, type Transport } from './upstream/transport.ts';

/** Shows a step while it is under way: `done` of `total` where that is known. */
export type Step = <T>(
  what: string,
  run: (show: (done: number, total: number) => void) => Promise<T>,
) => Promise<T>;

export interface Gateway {
  readonly app: RequestListener;
  /** What `app` was made of. */
  readonly parts: AppParts;
  readonly providers: readonly Provider[];
  readonly policy: PolicyKeeper;
  readonly knowledge: Knowledge;
  readonly intents: readonly string[];
  /** The one key there is when no file names any; shown once. */
  readonly developmentKey: string | null;
  /** Resolves when all that was recorded so far is on the disk. */
  flush(): Promise<void>;
  /** From now on every new request is told to go elsewhere. */
  beginDraining(): void;
  /** Closes everything, what was recorded written first. */
  close(): Promise<void>;
}

export interface Surroundings {
  readonly settings: Settings;
  readonly log: Log;
  readonly step: Step;
  /** Where spans go besides OTLP; for tests. */
  readonly spanProcessors?: NonNullable<TelemetryOptions['spanProcessors']>;
  /** How the encoder is made; for tests that have one already. */
  readonly openEncoder?: () => Promise<Encoder>;
}

/** Builds a gateway. @throws Error (with a message for the operator) when a file or a setting is not usable. */
export async function assemble(around: Surroundings): Promise<Gateway> {
  const { settings, log } = around;
  const keys = openKeys(settings);
  const providers = loadProviders(settings);
  const http = createHttpTransport({ connectWaitMsMax: settings.TIERGATE_CONNECT_WAIT_MS_MAX });
  const outside = guarded(http.post, containsPersonal);
  const understanding = await understand(around, http.post);
  const policy = await openPolicyOf(around, understanding.classify.intents, providers);
  const { telemetry, decisions, record } = await openRecord(around);
  const people = openPeople(around, outside);
  const authenticate = createAuthenticate(keys.stored);
  const isOwnModel = (name: string): boolean => OWN_MODELS.some((own) => own === name);
  const stages: Stages = {
    authenticate,
    detect: createDetect(),
    classify: understanding.classify,
    policy: policy.current,
    answer: understanding.answer,
    redact: createRedact({
      secret: settings.TIERGATE_CONVERSATION_SECRET || randomBytes(32).toString('hex'),
    }),
    escalate: createEscalate(
      providers,
      { http: outside, rehearsal: guarded(rehearse, containsPersonal) },
      exchangeLimits(settings),
    ),
    handoff: people.handoff,
    roomToRecord: () => decisions.room(),
    knowsModel: (name) => isOwnModel(name) || findModel(providers, name) !== undefined,
  };
  let ready = true;
  const parts: AppParts = {
    stages,
    authenticate,
    providers,
    queue: people.queue,
    readJson: createReadJson({
      bytesMax: settings.TIERGATE_BODY_BYTES_MAX,
      depthMax: settings.TIERGATE_BODY_DEPTH_MAX,
    }),
    begin: (route) => (requestId, traceparent) =>
      new Trip(requestId, telemetry.begin({ route, traceparent })),
    record,
    observe: ({ trace, record: finished }) => trace.end(finished),
    requestsMax: settings.TIERGATE_REQUESTS_MAX,
    isReady: () => ready,
    metrics: telemetry.metricsHandler,
    onUnexpected: (requestId, error) =>
      log.write('error', 'request_failed', { requestId, ...errorFields(error) }),
  };
  return {
    app: createApp(parts),
    parts,
    providers,
    policy,
    knowledge: understanding.knowledge,
    intents: understanding.classify.intents,
    developmentKey: keys.development,
    flush: () => decisions.flush(),
    beginDraining: () => {
      ready = false;
    },
    close: async () => {
      policy.close();
      await people.close();
      const { lost } = await decisions.close();
      if (lost > 0) log.write('error', 'decision_log_lost', { count: lost });
      await telemetry.close().catch(() => log.write('warn', 'telemetry_failed'));
      await understanding.encoder.close();
      await http.close();
    },
  };
}

const exchangeLimits = (settings: Settings): ExchangeLimits => ({
  firstByteWaitMsMax: settings.TIERGATE_FIRST_BYTE_WAIT_MS_MAX,
  idleWaitMsMax: settings.TIERGATE_IDLE_WAIT_MS_MAX,
  answerBytesMax: settings.TIERGATE_ANSWER_BYTES_MAX,
  attemptsMax: settings.TIERGATE_ATTEMPTS_MAX,
});

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** The keys of the file; without one, a development key, which is good for this machine only. */
function openKeys(settings: Settings): { stored: readonly StoredKey[]; development: string | null } {
  if (settings.TIERGATE_KEYS !== '') return { stored: loadKeys(settings.TIERGATE_KEYS), development: null };
  if (!LOOPBACK.test(settings.TIERGATE_HOST)) {
    throw new Error(
      `TIERGATE_HOST is ${settings.TIERGATE_HOST}, which others can reach, and there is no key file. ` +
        'Make a key with `npm run tiergate -- key new` and name its file in TIERGATE_KEYS.',
    );
  }
  const development = newKey();
  const caller = { keyId: 'development', tenant: 'development', scopes: ['chat', 'handoff'] } as const;
  return { stored: [{ caller, digest: digestOf(development) }], development };
}

/** Everything that needs the encoder: labels are learned, articles are read. */
async function understand({ settings, step, openEncoder }: Surroundings, inside: Transport) {
  const inner = await step('Loading the encoder', () =>
    openEncoder === undefined
      ? createOnnxEncoder({
          modelFolder: settings.TIERGATE_MODEL,
          queueMax: settings.TIERGATE_ENGINE_QUEUE_MAX,
          threads: settings.TIERGATE_ENGINE_THREADS,
        })
      : openEncoder(),
  );
  const encoder = await createRememberingEncoder(inner, join(settings.TIERGATE_DATA, 'vectors'));
  const labels = await readLabels(settings.TIERGATE_LABELS);
  const waitMsMax = settings.TIERGATE_CLASSIFY_WAIT_MS_MAX;
  const classify: Classify = await step('Learning the labels', (onProgress) =>
    createClassify({ encoder, labels, waitMsMax, onProgress }),
  );
  const knowledge = await step('Reading the approved answers', (onProgress) =>
    createKnowledge({ encoder, folder: settings.TIERGATE_KNOWLEDGE, onProgress }),
  );
  await encoder.keep();
  const { TIERGATE_LOCAL_BASE_URL: baseUrl, TIERGATE_LOCAL_MODEL: model } = settings;
  const askModel =
    baseUrl === '' ? undefined : createAskModel({ baseUrl, model }, inside, exchangeLimits(settings));
  const answer: AnswerStage = createAnswer({ knowledge, encoder, askModel });
  return { encoder, classify, knowledge, answer };
}

/** Kinds that a detector finds today. A rule about names or addresses would promise what nothing holds yet. */
const SEARCHED_KINDS = ENTITY_KINDS.filter((kind) => kind !== 'PERSON' && kind !== 'LOCATION');

function openPolicyOf(
  { settings, log, step }: Surroundings,
  intents: readonly string[],
  providers: readonly Provider[],
): Promise<PolicyKeeper> {
  const isRehearsal = providers.every(({ format }) => format === 'rehearsal');
  const models = providers.flatMap((provider) => [
    provider.name,
    ...provider.models,
    ...provider.models.map((model) => qualifiedName(provider, model)),
  ]);
  return step('Checking the policy', () =>
    openPolicy({
      file: settings.TIERGATE_POLICY,
      vocabulary: { intents, kinds: SEARCHED_KINDS, ...(isRehearsal ? {} : { models }) },
      decide,
      keepIn: join(settings.TIERGATE_DATA, 'policies'),
      onReload: (reload) => {
        const { revision } = reload.policy;
        if (reload.status === 'loaded') log.write('info', 'policy_loaded', { revision });
        if (reload.status !== 'refused') return;
        log.write('error', 'policy_refused', { revision, count: reload.error.problems.length });
        // The report quotes the policy's own words, so it is for whoever edits the file, beside the log.
        process.stderr.write(`${reload.error.message}\n`);
      },
    }),
  );
}

async function openRecord({ settings, log, spanProcessors }: Surroundings) {
  const telemetry = startTelemetry({
    otlp: otlpSignals(settings.secret),
    price: readPrice(settings.TIERGATE_CLOUD_PRICE),
    ...(spanProcessors === undefined ? {} : { spanProcessors }),
    onProblem: () => log.write('warn', 'telemetry_failed'),
  });
  const decisions = await openDecisionLog({
    folder: join(settings.TIERGATE_DATA, 'decisions'),
    bytesMax: settings.TIERGATE_LOG_BYTES_MAX,
    onDamage: ({ lostRecords }) => log.write('error', 'decision_log_damaged', { count: lostRecords }),
    onFailure: (errno) => log.write('error', 'decision_log_failed', { errno }),
  });
  return { telemetry, decisions, record: createRecorder({ decisions, log }) };
}

const PURGE_INTERVAL_MS = 3_600_000;

function openPeople({ settings, log }: Surroundings, outside: Transport) {
  const { TIERGATE_WEBHOOK_URL: url, TIERGATE_WEBHOOK_SECRET: secret } = settings;
  const announces = url !== '';
  const queue = openQueue({
    file: join(settings.TIERGATE_DATA, 'handoffs.sqlite'),
    waitingMax: settings.TIERGATE_HANDOFFS_MAX,
    announce: announces ? announcementOf : undefined,
  });
  const webhook = announces
    ? startWebhook({ url, secret, outbox: queue.outbox, send: sendBy(outside), report: reportTo(log) })
    : undefined;
  const purge = (): void => {
    const count = queue.purge(settings.TIERGATE_HANDOFF_KEEP_DAYS);
    if (count > 0) log.write('info', 'handoffs_purged', { count });
  };
  purge();
  const timer = setInterval(purge, PURGE_INTERVAL_MS).unref();
  return {
    queue,
    handoff: createHandoff({ queue, webhook }),
    close: async () => {
      clearInterval(timer);
      await webhook?.close();
      queue.close();
    },
  };
}

/** Webhooks go out through the guard like everything else; the receiver's words are not read. */
function sendBy(transport: Transport): Send {
  return async ({ url, headers, body }, signal) => {
    const { status, body: words } = await transport({ url, headers, body, forbidden: [], signal });
    await words[Symbol.asyncIterator]().return?.();
    return { status };
  };
}

function reportTo(log: Log) {
  return ({ outcome, handoffId, attempt, status }: WebhookReport): void => {
    const fields = {
      attempt,
      ...(handoffId === null ? {} : { handoffId }),
      ...(status === null ? {} : { status }),
    };
    log.write(outcome === 'delivered' ? 'debug' : 'warn', `webhook_${outcome}`, fields);
  };
}
