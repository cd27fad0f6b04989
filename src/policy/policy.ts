/**
 * What a policy is once it is compiled: an immutable snapshot that a request holds from its first look to its record.
 * Nothing here knows YAML; nothing here is read from a file while a request waits.
 */
import type { CustomKind, EntityKind, KindCounts } from '../personal-kinds.ts';
import type { Classification, Decision, Facts, Feature, Outcome, PersonalRules, Tier } from '../shapes.ts';
import type { KindSet, KindTable } from './kinds.ts';

/** The names that a policy may use beside the closed vocabularies of `shapes.ts`. */
export interface Vocabulary {
  /** The intents of the labels file. Absent: not checked (a kept policy may be older than the labels). */
  readonly intents?: readonly string[];
  /** Every name by which a provider's model can be asked for. Absent: not checked (with the rehearsal, any will do). */
  readonly models?: readonly string[] | undefined;
  /** The tenants of the key file. Absent: not checked (without a file there is no name to go by). */
  readonly tenants?: readonly string[] | undefined;
  /** The kinds of personal data that are searched for. Absent: all. A rule about any other would never hold. */
  readonly kinds?: readonly EntityKind[];
  /** Finds personal data in the text of a test's case. Absent: cases cannot have one. */
  readonly kindsIn?: (text: string, rules: PersonalRules) => KindCounts;
}

/** Model names of tiergate's own. Any other name that an application asks for is a provider's. */
export const OWN_MODELS = ['tiergate-auto', 'tiergate-local', 'tiergate-cloud'] as const;
/** In a policy: any model that is not one of tiergate's own. */
export const ANY_PROVIDER = 'any-provider';

/** Bands from the highest down; the last is all that is below the others. */
export const BANDS = {
  confidence: ['high', 'medium', 'low'],
  difficulty: ['hard', 'medium', 'easy'],
  in_scope: ['likely', 'unsure', 'unlikely'],
  injection: ['likely', 'unsure', 'unlikely'],
} as const;
export type BandName = keyof typeof BANDS;

/** Facts as conditions read them: made once for each decision, whatever the number of rules. */
export interface Situation {
  readonly facts: Facts;
  readonly labels: Classification | null;
  /** The kinds of personal data that were found. */
  readonly personal: KindSet;
  /** A bit for each feature that the request needs, by its place in FEATURES. */
  readonly features: number;
}

/** One line of a `when`, compiled. */
export interface Condition {
  readonly name: string;
  readonly holds: (situation: Situation) => boolean;
  /** The kinds of personal data that it names. */
  readonly kinds?: readonly EntityKind[];
}

export interface Rule {
  readonly id: string;
  readonly because: string;
  /** Where the rule begins in the policy's source, from 1. */
  readonly line: number;
  /** Conditions that can be told without classifying the request. */
  readonly plain: readonly Condition[];
  /** Conditions that need labels. */
  readonly labelled: readonly Condition[];
  readonly outcome: Outcome;
}

export interface Invariant {
  readonly id: string;
  readonly because: string;
  readonly line: number;
  /** Never needs labels: an invariant holds when the classifier is down, too. */
  readonly plain: readonly Condition[];
  readonly never: ReadonlySet<Tier>;
  readonly instead: Outcome;
}

/** A rule with `max_error`. */
export interface Guaranteed {
  readonly rule: string;
  /** Largest share of misunderstood requests among those that the rule takes, 0 to 1. */
  readonly errorMax: number;
  /**
   * Names what decides which requests get as far as this rule, whatever their confidence: a calibration is for those,
   * and for no others. 12 hex digits.
   */
  readonly scope: string;
}

export interface Policy {
  /** SHA-256 of the source, first 12 hex digits. */
  readonly revision: string;
  /** In order; the first that holds and forbids decides, and `instead` of a later one never breaks an earlier one. */
  readonly invariants: readonly Invariant[];
  /** In order; the last has no conditions, so that every request is decided. */
  readonly rules: readonly Rule[];
  readonly unclassified: Rule;
  /** The rules with `max_error`, in order. */
  readonly guarantees: readonly Guaranteed[];
  /** The kinds of personal data that it tells apart, its own among them. */
  readonly kinds: KindTable;
  /** The kinds of its own. */
  readonly ownKinds: readonly CustomKind[];
  /** What counts as personal data for a tenant, and what becomes of it. */
  readonly personalRules: (tenant: string) => PersonalRules;
}

/** What `decide` is to those who get it handed: the policy room may not import a stage. */
export type Decide = (policy: Policy, facts: Facts) => Decision | 'needs_labels';

/** A record, so that the compiler misses a feature that is added to shapes and not here. */
const FEATURE_BITS: Readonly<Record<Feature, number>> = {
  tools: 1,
  images: 2,
  audio: 4,
  files: 8,
  structured_output: 16,
  several_choices: 32,
  logprobs: 64,
};
export const FEATURES = Object.keys(FEATURE_BITS) as readonly Feature[];

export const featureBits = (features: readonly Feature[]): number =>
  features.reduce((bits, feature) => bits | FEATURE_BITS[feature], 0);

/** @param kinds the kinds that the policy tells apart */
export function situationOf(facts: Facts, kinds: KindTable): Situation {
  const { personal, features, labels } = facts;
  return {
    facts,
    labels: labels?.status === 'classified' ? labels : null,
    personal: kinds.found(personal),
    features: featureBits(features),
  };
}

export function allHold(conditions: readonly Condition[], situation: Situation): boolean {
  for (const condition of conditions) if (!condition.holds(situation)) return false;
  return true;
}

/** The tiers that a request with this outcome can end in. */
export const tiersOf = (outcome: Outcome): readonly Tier[] =>
  outcome.tier === 'local' ? ['local', outcome.otherwise.tier] : [outcome.tier];
