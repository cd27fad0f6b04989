/**
 * The tests beside a policy: facts that are given, and the rule and outcome that must come of them. A policy with a case
 * that comes out otherwise is not served.
 */

import { isScalar } from 'yaml';
import { ENTITY_KINDS, type EntityKind, type KindCounts } from '../personal-kinds.ts';
import {
  type Classification,
  type Decision,
  type Facts,
  TIERS,
  type Tier,
  type Unclassified,
  URGENCIES,
} from '../shapes.ts';
import { readVersion } from './compile.ts';
import { LABELLED_CONDITIONS, PLAIN_CONDITIONS, PROMPT_TOKENS_MAX } from './conditions.ts';
import { MAX_ERROR } from './guarantees.ts';
import { type Decide, FEATURES, type Policy, situationOf, type Vocabulary } from './policy.ts';
import { type Place, Reader, type Section } from './reader.ts';

/** One case of a tests file. */
export interface PolicyCase {
  readonly name: string;
  readonly place: Place;
  readonly facts: Facts;
  readonly expect: {
    readonly rule: string;
    readonly tier: Tier;
    readonly otherwise: Tier | null;
    /** The kinds of personal data that must be found in the text, no others; null: not asked. */
    readonly personal: readonly EntityKind[] | null;
  };
}

/** A case as it came out: as expected. One that comes out otherwise is a problem instead. */
export interface PassedCase {
  readonly name: string;
  readonly facts: Facts;
  readonly decision: Decision;
}

const REASONS = ['failed', 'late', 'busy', 'empty'] as const satisfies readonly Unclassified['reason'][];
const LABEL_KEYS = [...LABELLED_CONDITIONS, 'unclassified'];
const GIVEN_KEYS = [...PLAIN_CONDITIONS, 'text', ...LABEL_KEYS];
const TEXT_CHARS_MAX = 300;
/** Of a text that is searched for personal data. */
const SEARCHED_CHARS_MAX = 2_000;
/** Whether the request is understood well enough for `max_error`: a case need not know from which confidence that is. */
const KEPT = ['kept', 'not_kept'] as const;

/** What a case need not say: an ordinary question of an ordinary customer, well understood. */
const ORDINARY = { tenant: 'example', model: 'tiergate-auto', features: [], promptTokens: 20, personal: {} };
const ORDINARY_LABELS = {
  status: 'classified',
  confidence: 0.95,
  inScope: 0.95,
  urgency: 'normal',
  urgencyConfidence: 0.95,
  difficulty: 0.1,
  injection: 0.01,
  language: 'en',
  tokens: 15,
  windows: 1,
  truncated: false,
} as const satisfies Omit<Classification, 'intent'>;

/**
 * Runs the cases of a tests file.
 * @throws PolicyError `invalid` with every problem of the file, or `test_failed` with every case that came out otherwise
 */
export function runPolicyTests(
  policy: Policy,
  source: string,
  file: string,
  vocabulary: Vocabulary,
  decide: Decide,
): readonly PassedCase[] {
  const reader = new Reader(source, file);
  const cases = readCases(reader, policy, vocabulary);
  reader.finish('invalid');
  const passed = cases.flatMap((one) => runCase(one, policy, decide, reader) ?? []);
  reader.finish('test_failed');
  return passed;
}

function runCase(one: PolicyCase, policy: Policy, decide: Decide, reader: Reader): PassedCase | null {
  const { name, place, facts, expect } = one;
  if (!isFound(one, reader)) return null;
  const decision = decide(policy, facts);
  if (decision === 'needs_labels') {
    const advice = 'Give an `intent`, or say why there is none, such as `unclassified: late`.';
    reader.report(place, `${name}: a rule needs to understand this request.`, advice);
    return null;
  }
  const { rule, outcome } = decision;
  const otherwise = outcome.tier === 'local' ? outcome.otherwise.tier : null;
  const asExpected =
    rule === expect.rule &&
    outcome.tier === expect.tier &&
    (expect.otherwise === null || otherwise === expect.otherwise);
  if (asExpected) return { name, facts, decision };
  const say = (id: string, tier: Tier, then: Tier | null): string =>
    `\`${id}\` (${tier}${then === null ? '' : `, otherwise ${then}`})`;
  const expected = say(expect.rule, expect.tier, expect.otherwise);
  const came = say(rule, outcome.tier, otherwise);
  reader.report(
    place,
    `${name}: expected ${expected}, came out as ${came}.`,
    whyNot(policy, expect.rule, rule, facts),
  );
  return null;
}

/** Whether the kinds that were found in the text are those that must be. */
function isFound({ name, place, facts, expect }: PolicyCase, reader: Reader): boolean {
  if (expect.personal === null) return true;
  const found = Object.keys(facts.personal).sort();
  const expected = [...new Set<string>(expect.personal)].sort();
  if (found.join() === expected.join()) return true;
  const say = (kinds: readonly string[]): string => (kinds.length === 0 ? 'none' : kinds.join(', '));
  reader.report(place, `${name}: expected personal data: ${say(expected)}; found: ${say(found)}.`);
  return false;
}

/** Why another rule decided than the one that was expected. */
function whyNot(policy: Policy, expected: string, came: string, facts: Facts): string | null {
  if (expected === came) return null;
  if (policy.invariants.some(({ id }) => id === came))
    return `The invariant \`${came}\` forbids that outcome.`;
  const rule = policy.rules.find(({ id }) => id === expected);
  if (!rule) return null;
  const situation = situationOf(facts, policy.kinds);
  const failing = [...rule.plain, ...rule.labelled].filter((condition) => !condition.holds(situation));
  if (failing.length === 0) return `All of \`${expected}\` holds, but \`${came}\` decided before it.`;
  return `Of \`${expected}\`, this does not hold: ${failing.map(({ name }) => name).join(', ')}.`;
}

function readCases(reader: Reader, policy: Policy, vocabulary: Vocabulary): readonly PolicyCase[] {
  const { root } = reader;
  const section = reader.section(root, 'a tests file', ['version', 'cases']);
  const version = reader.required(section, 'version', root, 'A tests file');
  if (version) readVersion(version, reader);
  const list = reader.required(section, 'cases', root, 'A tests file');
  const ids = [...policy.rules, ...policy.invariants, policy.unclassified].map(({ id }) => id);
  return (list ? reader.list(list, '`cases`', { single: false }) : []).map((place) => {
    const one = reader.section(place, 'a case', ['name', 'given', 'expect'], (key) =>
      GIVEN_KEYS.includes(key) ? 'It belongs under `given`.' : null,
    );
    const name = reader.required(one, 'name', place, 'A case');
    const given = reader.required(one, 'given', place, 'A case');
    const expect = reader.required(one, 'expect', place, 'A case');
    return {
      name: name ? reader.text(name, '`name`', TEXT_CHARS_MAX) : '',
      place: name ?? place,
      facts: given ? readFacts(given, reader, policy, vocabulary) : ORDINARY,
      expect: readExpect(expect, ids, policy, reader),
    };
  });
}

function readExpect(
  place: Place | null,
  ids: readonly string[],
  policy: Policy,
  reader: Reader,
): PolicyCase['expect'] {
  const none = { rule: '', tier: 'refuse', otherwise: null, personal: null } as const;
  if (!place) return none;
  const section = reader.section(place, '`expect`', ['rule', 'tier', 'otherwise', 'personal']);
  const rule = reader.required(section, 'rule', place, '`expect`');
  const tier = reader.required(section, 'tier', place, '`expect`');
  const otherwise = section.get('otherwise');
  const personal = section.get('personal');
  return {
    rule: (rule && reader.word(rule, 'a rule or invariant of this policy', ids)) ?? none.rule,
    tier: (tier && reader.word(tier, 'an outcome', TIERS)) ?? none.tier,
    otherwise: otherwise ? reader.word(otherwise, 'an outcome', TIERS) : null,
    personal: personal ? readKinds(personal, policy, reader) : null,
  };
}

function readFacts(place: Place, reader: Reader, policy: Policy, vocabulary: Vocabulary): Facts {
  const given = reader.section(place, '`given`', GIVEN_KEYS);
  const text = (key: string, otherwise: string): string => {
    const at = given.get(key);
    return at ? reader.text(at, `\`${key}\``, TEXT_CHARS_MAX) : otherwise;
  };
  const [features, tokens] = [given.get('features'), given.get('prompt_tokens')];
  const tenant = text('tenant', ORDINARY.tenant);
  const facts = {
    tenant,
    model: text('model', ORDINARY.model),
    features: features ? reader.words(features, 'features', 'a feature', FEATURES) : [],
    promptTokens:
      (tokens && reader.count(tokens, '`prompt_tokens`', PROMPT_TOKENS_MAX)) ?? ORDINARY.promptTokens,
    personal: readPersonal(given, policy, tenant, reader, vocabulary),
    ...readThresholds(given, policy, reader),
  };
  const labels = readLabels(given, place, reader, vocabulary);
  return labels === null ? facts : { ...facts, labels };
}

function readKinds(place: Place, { ownKinds }: Policy, reader: Reader): readonly EntityKind[] {
  if (isScalar(place.node) && place.node.value === 'none') return [];
  return reader.words(place, 'personal', 'a kind of personal data', [...ENTITY_KINDS, ...ownKinds]);
}

/** The kinds that a case gives, or those that are found in the text that it gives. */
function readPersonal(
  given: Section,
  policy: Policy,
  tenant: string,
  reader: Reader,
  vocabulary: Vocabulary,
): KindCounts {
  const [personal, text] = [given.get('personal'), given.get('text')];
  if (!text) {
    const kinds = personal ? readKinds(personal, policy, reader) : [];
    return Object.fromEntries(kinds.map((kind) => [kind, 1]));
  }
  if (personal) reader.report(personal, 'A case gives `personal`, or a `text` to find it in; not both.');
  const searched = reader.text(text, '`text`', SEARCHED_CHARS_MAX);
  if (vocabulary.kindsIn) return vocabulary.kindsIn(searched, policy.personalRules(tenant));
  reader.report(text, 'Nothing searches texts here.');
  return {};
}

/** Kept by all rules that promise something, unless the case says otherwise. */
function readThresholds(given: Section, { guarantees }: Policy, reader: Reader): Pick<Facts, 'thresholds'> {
  const at = given.get(MAX_ERROR);
  const kept = (at && reader.word(at, 'a word for whether `max_error` is kept', KEPT)) ?? 'kept';
  if (guarantees.length === 0) return {};
  return { thresholds: Object.fromEntries(kept === 'kept' ? guarantees.map(({ rule }) => [rule, 0]) : []) };
}

/** Null where the case gives no label at all: then no rule on the way may need one. */
function readLabels(
  given: Section,
  place: Place,
  reader: Reader,
  vocabulary: Vocabulary,
): Classification | Unclassified | null {
  if (!LABEL_KEYS.some((key) => given.has(key))) return null;
  const unclassified = given.get('unclassified');
  if (unclassified) {
    const other = LABELLED_CONDITIONS.find((key) => given.has(key));
    if (other) reader.report(unclassified, `A request with \`${other}\` is not unclassified.`);
    const reason = reader.word(unclassified, 'a reason for there being no labels', REASONS);
    return { status: 'unclassified', reason: reason ?? 'failed' };
  }
  const { intents } = vocabulary;
  const at = reader.required(given, 'intent', place, '`given` with labels');
  const intent =
    at &&
    (intents
      ? reader.word(at, 'an intent of the labels file', intents)
      : reader.text(at, '`intent`', TEXT_CHARS_MAX));
  const urgency = given.get('urgency');
  const language = given.get('language');
  const number = (key: string, otherwise: number): number => {
    const at = given.get(key);
    if (at && isScalar(at.node) && typeof at.node.value === 'string') {
      reader.report(at, `A case gives \`${key}\` as a number from 0 to 1, not as a band.`);
      return otherwise;
    }
    return (at && reader.number(at, `\`${key}\``, 0, 1)) ?? otherwise;
  };
  return {
    ...ORDINARY_LABELS,
    intent: intent ?? '',
    urgency: (urgency && reader.word(urgency, 'an urgency', URGENCIES)) ?? ORDINARY_LABELS.urgency,
    language: language ? reader.text(language, '`language`', TEXT_CHARS_MAX) : ORDINARY_LABELS.language,
    confidence: number('confidence', ORDINARY_LABELS.confidence),
    inScope: number('in_scope', ORDINARY_LABELS.inScope),
    difficulty: number('difficulty', ORDINARY_LABELS.difficulty),
    injection: number('injection', ORDINARY_LABELS.injection),
  };
}
