/**
 * The composition root: builds every part from the settings and puts them together.
 */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import type { Knowledge } from '../answer/knowledge.ts';
import { createAuthenticate } from '../authenticate/authenticate.ts';
import { tenantsOf } from '../authenticate/keys.ts';
import { createEscalate } from '../escalate/escalate.ts';
import { type AppParts, createApp } from '../http/app.ts';
import { type BodyLimits, createReadJson } from '../http/body.ts';
import type { Stages } from '../journey.ts';
import type { PolicyKeeper } from '../policy/keeper.ts';
import { OWN_MODELS } from '../policy/policy.ts';
import { errorFields, type Log } from '../record/log.ts';
import type { Telemetry } from '../record/telemetry.ts';
import { ConversationMemory } from '../redact/conversation-memory.ts';
import { createRedact } from '../redact/redact.ts';
import type { Settings } from '../settings.ts';
import { Trip } from '../trip.ts';
import { createCatalogue } from '../upstream/catalogue.ts';
import { findModel, loadProviders, type Provider } from '../upstream/providers.ts';
import { makeDataFolder } from './data-folder.ts';
import { openDetection } from './detection.ts';
import { openEgress } from './egress.ts';
import { keepGuarantees } from './guarantees.ts';
import { openKeys } from './keys.ts';
import { type Opened, opening } from './opened.ts';
import { openPeople } from './people.ts';
import { keepPolicy } from './policy.ts';
import { openRecording } from './recording.ts';
import { exchangeLimits, type Surroundings } from './surroundings.ts';
import { understand } from './understanding.ts';

export interface Gateway {
  readonly app: RequestListener;
  /** What `app` was made of. */
  readonly parts: AppParts;
  readonly providers: readonly Provider[];
  readonly policy: PolicyKeeper;
  readonly knowledge: Knowledge;
  readonly intents: readonly string[];
  /** What the encoder runs on, such as `native avx2`. */
  readonly engine: string;
  /** The one key there is when no file names any; shown once. */
  readonly developmentKey: string | null;
  /** Resolves when all that was recorded so far is on the disk. */
  flush(): Promise<void>;
  /** From now on every new request is told to go elsewhere. */
  beginDraining(): void;
  /** Closes everything, and writes what was recorded. What cannot be closed does not keep the rest from it. */
  close(): Promise<void>;
}

/** Builds a gateway. @throws Error (with a message for the operator) when a file or a setting is not usable. */
export const assemble = (around: Surroundings): Promise<Gateway> =>
  opening((opened) => build(around, opened));

async function build(around: Surroundings, opened: Opened): Promise<Gateway> {
  const { settings, log } = around;
  makeDataFolder(settings.TIERGATE_DATA);
  const keys = openKeys(settings);
  const providers = loadProviders(settings);
  // What takes a moment goes before what takes seconds, so that a mistake shows at once.
  const { telemetry, decisions, record, close: closeRecording } = await openRecording(around);
  opened.defer(closeRecording);
  const ways = openEgress(around, providers, telemetry);
  opened.defer(ways.close);
  const catalogue = createCatalogue(providers, ways.get, settings.TIERGATE_CONNECT_WAIT_MS_MAX);
  opened.defer(catalogue.close);
  // Not waited for: what is configured can be asked for at once.
  void catalogue.refresh();
  const people = openPeople(around, ways.outside);
  opened.defer(people.close);
  let policy: PolicyKeeper | null = null;
  // A policy that waited for an intent is good now; one that speaks of an intent that is gone is told of.
  const onIntents = (): void => void policy?.reload();
  const understanding = await understand(around, ways.inside, { opened, onIntents });
  telemetry.engine(understanding.engine);
  const tenants = keys.development === null ? tenantsOf(keys.stored) : undefined;
  const { classify } = understanding;
  const { detect, kinds } = await openDetection(around, opened);
  policy = await keepPolicy(around, { intents: () => classify.intents, tenants, kinds }, providers);
  opened.defer(policy.close);
  const guarantees = await keepGuarantees(around, { telemetry, policy: policy.current, classify }, opened);
  const authenticate = createAuthenticate(keys.stored);
  const stages: Stages = {
    authenticate,
    detect,
    classify,
    policy: policy.current,
    thresholds: guarantees.thresholds,
    answer: understanding.answer,
    redact: createRedact({ secret: settings.TIERGATE_CONVERSATION_SECRET || randomSecret() }),
    memory: openMemory(opened),
    escalate: createEscalate(
      catalogue.providers,
      { http: ways.outside, rehearsal: ways.rehearsal },
      exchangeLimits(settings),
    ),
    handoff: people.handoff,
    roomToRecord: () => decisions.room(),
    knowsModel: (name) => isOwnModel(name) || findModel(catalogue.providers(), name) !== undefined,
  };
  await around.step('Warming up', () => warmUp(stages));
  let ready = true;
  const parts: AppParts = {
    stages,
    authenticate,
    providers: catalogue.providers,
    queue: people.queue,
    feedback: guarantees.feedback,
    readJson: createReadJson(bodyLimits(settings)),
    begin: (route) => (requestId, traceparent) =>
      new Trip(requestId, telemetry.begin({ route, traceparent })),
    record: guarantees.remembering(record),
    observe: ({ trace, record: finished, redactions }) => trace.end(finished, redactions, 'shown'),
    requestsMax: settings.TIERGATE_REQUESTS_MAX,
    isReady: () => ready,
    metrics: telemetry.metricsHandler,
    onRejected: countRejections(telemetry, log),
  };
  return {
    app: createApp(parts),
    parts,
    providers,
    policy,
    knowledge: understanding.knowledge,
    intents: understanding.classify.intents,
    engine: understanding.engine,
    developmentKey: keys.development,
    flush: () => decisions.flush(),
    beginDraining: () => {
      ready = false;
    },
    close: () => opened.close(),
  };
}

const randomSecret = (): string => randomBytes(32).toString('hex');

/** What conversations held is forgotten with the gateway. */
function openMemory(opened: Opened): ConversationMemory {
  const memory = new ConversationMemory();
  opened.defer(() => memory.clear());
  return memory;
}

const bodyLimits = (settings: Settings): BodyLimits => ({
  bytesMax: settings.TIERGATE_BODY_BYTES_MAX,
  depthMax: settings.TIERGATE_BODY_DEPTH_MAX,
  waitMsMax: settings.TIERGATE_UPLOAD_WAIT_MS_MAX,
});

function countRejections(telemetry: Telemetry, log: Log): AppParts['onRejected'] {
  return (requestId, error) => {
    telemetry.rejected(error.code);
    // Being full or going down is no fault, and strangers can ask as often as they like: those are counted only.
    const level = error.code === 'respond_failed' ? 'error' : 'debug';
    log.write(level, 'request_failed', { requestId, ...errorFields(error) });
  };
}

const isOwnModel = (name: string): boolean => OWN_MODELS.some((own) => own === name);

/** The first request must not pay for what is made at first use: numbering plans, language tables, compiled code. */
async function warmUp({ detect, classify }: Stages): Promise<void> {
  const text = 'Call +44 20 7946 0958 or write to somebody@example.com: where is my order?';
  await detect({ messages: [{ role: 'user', content: text }] });
  await classify.classify(text);
}
