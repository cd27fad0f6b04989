/** The lines that may stand under `when`: how each is read, and how it is told whether it holds. One entry each. */

import { isScalar } from 'yaml';
import type { EntityKind } from '../personal-kinds.ts';
import { URGENCIES, type Urgency } from '../shapes.ts';
import { isKept, MAX_ERROR, readErrorMax } from './guarantees.ts';
import { type KindTable, meets } from './kinds.ts';
import {
  ANY_PROVIDER,
  BANDS,
  type BandName,
  type Condition,
  FEATURES,
  featureBits,
  OWN_MODELS,
  type Situation,
  type Vocabulary,
} from './policy.ts';
import type { Place, Reader } from './reader.ts';

/** Lower bounds of a family's first two bands; all below them is its third. */
export type BandBounds = Readonly<Partial<Record<BandName, readonly [number, number]>>>;

export interface ConditionContext {
  readonly reader: Reader;
  readonly vocabulary: Vocabulary;
  readonly bounds: BandBounds;
  /** The kinds of personal data: those that the policy tells apart, and those that are searched for. */
  readonly personal: { readonly kinds: KindTable; readonly known: readonly EntityKind[] };
}

type Test = (situation: Situation) => boolean;
type Compile = (place: Place, context: ConditionContext) => Test | Omit<Condition, 'name'>;

/** Largest prompt that a policy can speak of, in tokens. */
export const PROMPT_TOKENS_MAX = 100_000_000;
const NAME_CHARS_MAX = 128;
/** What a message counts as whose urgency cannot be told. */
const UNTOLD_URGENCY: Urgency = 'high';

/** ISO 639-1 codes, as far as this runtime has a name for them, and `und` for a language that cannot be told. */
const LANGUAGES: readonly string[] = (() => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  return [...codes.filter((code) => names.of(code) !== undefined), 'und'];
})();

const PLAIN: Readonly<Record<string, Compile>> = {
  tenant: (place, { reader, vocabulary }) => {
    const tenants = names(place, 'tenant', 'a tenant of the key file', reader, vocabulary.tenants);
    return ({ facts }) => tenants.has(facts.tenant);
  },
  model: (place, { reader, vocabulary }) => {
    const known = vocabulary.models && [...OWN_MODELS, ANY_PROVIDER, ...vocabulary.models];
    const models = names(place, 'model', 'a model', reader, known);
    const own: ReadonlySet<string> = new Set(OWN_MODELS);
    const any = models.has(ANY_PROVIDER);
    return ({ facts }) => models.has(facts.model) || (any && !own.has(facts.model));
  },
  features: (place, { reader }) => {
    const bits = featureBits(reader.words(place, 'features', 'a feature', FEATURES));
    return ({ features }) => (features & bits) !== 0;
  },
  prompt_tokens: (place, { reader }) => {
    const range = reader.section(place, '`prompt_tokens`', ['min', 'max']);
    const [min, max] = [range.get('min'), range.get('max')];
    const from = (min && reader.count(min, '`min`', PROMPT_TOKENS_MAX)) ?? 0;
    const to = (max && reader.count(max, '`max`', PROMPT_TOKENS_MAX)) ?? Number.POSITIVE_INFINITY;
    if (from > to && max) reader.report(max, '`max` is below `min`, so this never holds.');
    return ({ facts }) => facts.promptTokens >= from && facts.promptTokens <= to;
  },
  personal: (place, { reader, personal: { kinds, known } }) => {
    const word = isScalar(place.node) ? place.node.value : null;
    if (word === 'none') return ({ personal }) => personal.every((word) => word === 0);
    if (word === 'any') return ({ personal }) => personal.some((word) => word !== 0);
    const what = 'a kind of personal data that is searched for';
    const words = reader.words(place, 'personal', what, known);
    const wanted = kinds.set(words);
    return { holds: ({ personal }) => meets(personal, wanted), kinds: words };
  },
};

const LABELLED: Readonly<Record<string, Compile>> = {
  intent: (place, { reader, vocabulary }) => {
    const what = 'an intent of the labels file';
    const intents = names(place, 'intent', what, reader, vocabulary.intents);
    return ({ labels }) => labels !== null && intents.has(labels.intent);
  },
  urgency: (place, { reader }) => {
    const urgencies = new Set(reader.words(place, 'urgency', 'an urgency', URGENCIES));
    // What cannot be told may be pressing: no rule for what can wait takes it.
    return ({ labels }) => labels !== null && urgencies.has(labels.urgency ?? UNTOLD_URGENCY);
  },
  language: (place, { reader }) => {
    const what = 'a language code of two letters (ISO 639-1), or und';
    const languages = new Set(reader.words(place, 'language', what, LANGUAGES));
    return ({ labels }) => labels !== null && languages.has(labels.language);
  },
  confidence: (place, context) => {
    const inBand = band('confidence', place, context);
    return ({ labels }) => labels !== null && inBand(labels.confidence);
  },
  difficulty: (place, context) => {
    const inBand = band('difficulty', place, context);
    return ({ labels }) => labels !== null && inBand(labels.difficulty);
  },
  in_scope: (place, context) => {
    const inBand = band('in_scope', place, context);
    return ({ labels }) => labels !== null && inBand(labels.inScope);
  },
  injection: (place, context) => {
    const inBand = band('injection', place, context);
    return ({ labels }) => labels !== null && inBand(labels.injection);
  },
};

export const PLAIN_CONDITIONS = Object.keys(PLAIN);
export const LABELLED_CONDITIONS = [...Object.keys(LABELLED), MAX_ERROR];
export const CONDITIONS: readonly string[] = [...PLAIN_CONDITIONS, ...LABELLED_CONDITIONS];

/** What a `when` asks, the conditions that need labels apart from those that do not. */
export interface When {
  readonly plain: readonly Condition[];
  readonly labelled: readonly Condition[];
  /** `max_error`, 0 to 1; null where nothing is promised. */
  readonly errorMax: number | null;
}

/** Compiles a `when`. @param owner how a sentence names what it belongs to @param id of the rule that it belongs to */
export function compileWhen(place: Place, owner: string, id: string, context: ConditionContext): When {
  const { reader } = context;
  const section = reader.section(place, `the \`when\` of ${owner}`, CONDITIONS);
  const compiled = (table: Readonly<Record<string, Compile>>): readonly Condition[] =>
    Object.entries(table).flatMap(([name, compile]) => {
      const value = section.get(name);
      if (value === undefined) return [];
      const made = compile(value, context);
      return [Object.freeze({ name, ...(typeof made === 'function' ? { holds: made } : made) })];
    });
  const [plain, labelled] = [compiled(PLAIN), compiled(LABELLED)];
  const promised = section.get(MAX_ERROR);
  if (promised === undefined) return { plain, labelled, errorMax: null };
  return { plain, labelled: [...labelled, isKept(id)], errorMax: readErrorMax(promised, reader) };
}

/** Names of an open vocabulary: checked against what the caller knows, if it knows. */
function names(
  place: Place,
  key: string,
  what: string,
  reader: Reader,
  known: readonly string[] | undefined,
): ReadonlySet<string> {
  if (known) return new Set(reader.words(place, key, what, known));
  const items = reader.list(place, `\`${key}\``);
  return new Set(items.map((item) => reader.text(item, `A name in \`${key}\``, NAME_CHARS_MAX)));
}

function band(
  name: BandName,
  place: Place,
  { reader, bounds }: ConditionContext,
): (value: number | null) => boolean {
  const wanted = new Set<string>(reader.words(place, name, `a band of \`${name}\``, BANDS[name]));
  const [first, second, rest] = BANDS[name];
  const bound = bounds[name];
  if (bound === undefined) {
    reader.report(
      place,
      `The bands of \`${name}\` are not defined.`,
      `Say at the top of the file, under \`bands\`, from where on it is ${first} and ${second}.`,
    );
    return () => false;
  }
  const [inFirst, inSecond, inRest] = [wanted.has(first), wanted.has(second), wanted.has(rest)];
  const [fromFirst, fromSecond] = bound;
  // What cannot be told is neither: a rule that asks for harmless messages does not take it, nor one that refuses attacks.
  return (value) =>
    value === null ? inSecond : value >= fromFirst ? inFirst : value >= fromSecond ? inSecond : inRest;
}
