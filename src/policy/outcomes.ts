/** What may stand under `then`, `otherwise` and `instead`: who answers. */
import { isMap, isScalar } from 'yaml';
import { type Outcome, PRIORITIES, TIERS } from '../shapes.ts';
import type { Vocabulary } from './policy.ts';
import type { Place, Reader } from './reader.ts';

/** The same shape as a rule's id: it becomes a column and a label of a metric. */
export const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const MESSAGE_CHARS_MAX = 1000;
const MODEL_CHARS_MAX = 256;
/** Most models tried for one request. */
const MODELS_MAX = 8;

type Final = Exclude<Outcome, { tier: 'local' }>;

/** Stands in where the policy has a problem; a policy with a problem is never served. */
const NOBODY: Final = { tier: 'refuse', message: '' };

export interface OutcomeContext {
  readonly reader: Reader;
  readonly vocabulary: Vocabulary;
}

/** @param key the key that the outcome stands under */
export function compileOutcome(place: Place, key: string, context: OutcomeContext): Outcome {
  const one = chosenTier(place, key, context.reader, TIERS);
  if (one === null) return NOBODY;
  return Object.freeze(
    one.tier === 'local' ? local(one.value, context) : final(one.tier, one.value, context),
  );
}

/** What stands under `refuse`. */
export const compileRefusal = (place: Place, context: OutcomeContext): Outcome =>
  Object.freeze(final('refuse', place, context));

function compileFinal(place: Place, key: string, context: OutcomeContext): Final {
  const tiers = TIERS.filter((tier) => tier !== 'local');
  const one = chosenTier(place, key, context.reader, tiers);
  return one === null ? NOBODY : Object.freeze(final(one.tier, one.value, context));
}

function chosenTier<T extends string>(place: Place, key: string, reader: Reader, tiers: readonly T[]) {
  const what = `\`${key}\``;
  if (isScalar(place.node) && tiers.some((tier) => isScalar(place.node) && tier === place.node.value)) {
    const tier = String(place.node.value);
    reader.report(
      place,
      `${what} must say more than \`${tier}\`.`,
      `Write \`${key}: { ${EXAMPLES[tier]} }\`.`,
    );
    return null;
  }
  const section = reader.section(place, what, tiers, (word) => {
    if (word === 'local') return `There is one local attempt: \`${key}\` is cloud, human or refuse.`;
    return null;
  });
  const [first, second] = tiers.flatMap((tier) => {
    const value = section.get(tier);
    return value ? [{ tier, value }] : [];
  });
  if (second) reader.report(second.value, `${what} names two outcomes; it must name one.`);
  if (!first && isMap(place.node) && place.node.items.length === 0) {
    reader.report(place, `${what} must name an outcome: ${tiers.join(', ')}.`);
  }
  return first ?? null;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  local: 'local: { bar: 0.85, otherwise: { cloud: {} } }',
  cloud: 'cloud: {}',
  human: 'human: { queue: care, priority: normal }',
  refuse: 'refuse: { message: … }',
};

function local(place: Place, context: OutcomeContext): Outcome {
  const { reader } = context;
  const section = reader.section(place, '`local`', ['bar', 'otherwise']);
  const bar = reader.required(section, 'bar', place, '`local`');
  const otherwise = reader.required(section, 'otherwise', place, '`local`');
  return {
    tier: 'local',
    bar: (bar && reader.number(bar, '`bar`', 0, 1)) ?? 0,
    otherwise: otherwise ? compileFinal(otherwise, 'otherwise', context) : NOBODY,
  };
}

function final(tier: Final['tier'], place: Place, context: OutcomeContext): Final {
  const { reader } = context;
  if (tier === 'cloud') return cloud(place, context);
  if (tier === 'human') {
    const section = reader.section(place, '`human`', ['queue', 'priority']);
    const queue = reader.required(section, 'queue', place, '`human`');
    const priority = reader.required(section, 'priority', place, '`human`');
    return {
      tier,
      queue: queue ? readName(queue, 'The name of a queue', reader) : '',
      priority: (priority && reader.word(priority, 'a priority', PRIORITIES)) ?? 'normal',
    };
  }
  const section = reader.section(place, '`refuse`', ['message']);
  const message = reader.required(section, 'message', place, '`refuse`');
  return { tier, message: message ? reader.text(message, '`message`', MESSAGE_CHARS_MAX) : '' };
}

function cloud(place: Place, { reader, vocabulary }: OutcomeContext): Final {
  const models = reader.section(place, '`cloud`', ['models']).get('models');
  const items = models ? reader.list(models, '`models`') : [];
  if (models && items.length > MODELS_MAX) {
    reader.report(models, `\`models\` names more than ${MODELS_MAX} models.`);
  }
  const read = (item: Place): string | null =>
    vocabulary.models
      ? reader.word(item, 'a model of a configured provider', vocabulary.models)
      : reader.text(item, 'The name of a model', MODEL_CHARS_MAX);
  return { tier: 'cloud', models: Object.freeze(items.flatMap((item) => read(item) ?? [])) };
}

/** A name that goes into headers, metrics and tables: lower-case letters, digits, - and _. */
export function readName(place: Place, what: string, reader: Reader): string {
  const name = reader.text(place, what, 63);
  if (name !== '' && !NAME.test(name)) {
    reader.report(
      place,
      `${what} is made of lower-case letters, digits, - and _, and begins with one of the first two.`,
    );
  }
  return name;
}
