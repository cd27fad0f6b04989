/**
 * The values that travel along a request's way, in the order in which the stages make them. Types and closed
 * vocabularies only: this file does nothing. Every value is immutable once made.
 */
import type { EntityKind, KindCounts } from './personal-kinds.ts';

/** Any JSON value. `RawNumber` stands for a number that a double cannot hold and that must leave as it came. */
export type Json = string | number | boolean | null | RawNumber | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}
/** A number kept as its source text (`JSON.rawJSON`), such as a 19-digit seed. */
export interface RawNumber {
  readonly rawJSON: string;
}

// ── authenticate ────────────────────────────────────────────────────────────────────────────────────────────────────

/** What an API key is allowed to do: send requests, or work the hand-off queue. */
export type Scope = 'chat' | 'handoff';

/** Who asks. Made by `authenticate` from an API key; holds no secret. */
export interface Caller {
  readonly keyId: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
}

// ── in: the request as it was read at the door ──────────────────────────────────────────────────────────────────────

/** What a request needs from whoever answers it, beyond plain text. */
export type Feature =
  | 'tools'
  | 'images'
  | 'audio'
  | 'files'
  | 'structured_output'
  | 'several_choices'
  | 'logprobs';

/** One chat request, parsed once. `body` is the whole OpenAI body, with the fields tiergate has never heard of. */
export interface Inquiry {
  readonly requestId: string;
  /** The model name as the application wrote it. */
  readonly model: string;
  readonly stream: boolean;
  readonly body: JsonObject;
  /** The text to classify: that of the last user message. Empty if there is none. */
  readonly text: string;
  readonly features: readonly Feature[];
  /** Estimated tokens of the text of messages, tools and tool calls (UTF-8 bytes / 4); media do not count. */
  readonly promptTokens: number;
  /** Names the conversation this request belongs to, stable over its turns; keys its placeholders. */
  readonly conversation: string;
  /** Hash of the key under which the application sends this request again after a lost connection. */
  readonly idempotencyKey?: string | undefined;
}

// ── detect ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * How a text was read when a value was found in it: as it stands; with escapes and encodings undone; as a reader sees it
 * (look-alikes, full-width forms, other scripts' digits); with separators taken out of numbers; with words for signs and
 * digits (`at`, `four`) written as such.
 */
export const VIEWS = ['raw', 'decoded', 'folded', 'joined', 'spelled'] as const;
export type ViewName = (typeof VIEWS)[number];

/** A step into a JSON document: an object's key, an array's index, or `JSON` where a string holds a document itself. */
export type Step = string | number | typeof EMBEDDED_JSON;
export const EMBEDDED_JSON: unique symbol = Symbol('embedded JSON');

/** One piece of text of a request: a string value, an object's key, or a number's digits. */
export interface Leaf {
  readonly path: readonly Step[];
  readonly role: 'value' | 'key' | 'number';
  readonly text: string;
}

/** Personal data found in one leaf. Offsets are UTF-16 code units of the leaf's text, end exclusive. */
export interface Finding {
  readonly leaf: number;
  readonly start: number;
  readonly end: number;
  readonly kind: EntityKind;
  /** How sure the detector is, 0 to 1. 1: a checksum held. */
  readonly score: number;
  /** What found it: a family of structured kinds, `names`, `custom`; or `spread`: it is found elsewhere in the request. */
  readonly detector: string;
  readonly view: ViewName;
  /** Other kinds that were found in a part of it. */
  readonly covers?: readonly EntityKind[];
}

/** All personal data of a request. The kinds inform the decision, the findings are what `redact` replaces. */
export interface Detection {
  readonly leaves: readonly Leaf[];
  /** Sorted by leaf and start; no two overlap. */
  readonly findings: readonly Finding[];
  /** How many findings of each kind. */
  readonly kinds: KindCounts;
}

/** What stands where a value was, in what leaves. */
export const REPLACEMENTS = ['placeholder', 'mask', 'drop'] as const;
/** `placeholder` is put back into the answer; `mask` says what kind stood there and is never put back; `drop`: nothing. */
export type Replacement = (typeof REPLACEMENTS)[number];

/** A text in which an organisation's own values are looked for, and what is said around a place in it. */
export interface SearchedText {
  readonly text: string;
  /** Whether it was put together from what may have nothing to do with one another: digits alone are not enough then. */
  readonly needsProof?: boolean;
  /**
   * Whether one of `words` stands near the place, or names the field that the text is in. With `nearest`, a word before
   * another number speaks of that number alone.
   */
  says(words: RegExp, start: number, end: number, nearest?: boolean): boolean;
}

/** A value of the organisation's own. Offsets are UTF-16 code units, end exclusive. */
export type OwnMatch = Pick<Finding, 'start' | 'end' | 'kind' | 'score'>;

/** What the policy says of personal data, for one tenant. Immutable; compiled when the policy is loaded. */
export interface PersonalRules {
  /** Whether a finding in a text counts: its kind is searched for, it is sure enough, and it is not on an allow list. */
  counts(finding: OwnMatch, text: string): boolean;
  /** What takes the place of a value of this kind when the request leaves. */
  action(kind: EntityKind): Replacement;
  /** Whether the policy may keep a request for this kind: then it is told even where a longer finding covers it. */
  decisive(kind: EntityKind): boolean;
  /** Values of the organisation's own (its patterns, its deny list). They count whatever `counts` says. */
  find(searched: SearchedText): readonly OwnMatch[];
  /** What happens with personal data that a cloud model itself brings back. */
  readonly answers: 'report' | 'mask';
}

// ── classify ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const URGENCIES = ['low', 'normal', 'high', 'critical'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What the request is about, as far as the model can tell. */
export interface Classification {
  readonly status: 'classified';
  /** The likeliest intent of the labels file. */
  readonly intent: string;
  /** Calibrated chance that `intent` is right: 0.9 means nine in ten. Counts the chance of being out of scope. */
  readonly confidence: number;
  /** Calibrated chance that the request is about anything the labels file knows. */
  readonly inScope: number;
  /** How soon somebody must act; null: cannot be told. */
  readonly urgency: Urgency | null;
  /** Calibrated chance that `urgency` is right; 0 where it cannot be told. */
  readonly urgencyConfidence: number;
  /** Chance that a small model's or the knowledge base's answer will not do. */
  readonly difficulty: number;
  /** Chance that the request attacks the model's instructions (prompt injection, jailbreak); null: cannot be told. */
  readonly injection: number | null;
  /** ISO 639-1 code, or `und` when it cannot be told. */
  readonly language: string;
  /** Encoder tokens of the classified text. */
  readonly tokens: number;
  /** How many windows the text was read in. 1: at once. */
  readonly windows: number;
  /** True if the text was longer than all the windows together and its middle was not read. */
  readonly truncated: boolean;
}

/** Why there is no classification; the policy's row for "unclassified" decides. */
export interface Unclassified {
  readonly status: 'unclassified';
  readonly reason: 'failed' | 'late' | 'busy' | 'empty';
}

// ── decide ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How pressing a request is to the people of its queue. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const TIERS = ['local', 'cloud', 'human', 'refuse'] as const;
/** Who answers. */
export type Tier = (typeof TIERS)[number];

/** Everything a decision may depend on, and all of what its record holds: a decision is a pure function of this. */
export interface Facts {
  readonly tenant: string;
  readonly model: string;
  readonly features: readonly Feature[];
  readonly promptTokens: number;
  readonly personal: KindCounts;
  /** Absent until a rule asks for a label: a request that no rule needs to understand is not classified. */
  readonly labels?: Classification | Unclassified;
  /**
   * The confidence from which each rule with `max_error` may take a request, by the rule's id, when this was decided. A
   * rule that is not here takes none. Absent: the policy has no such rule.
   */
  readonly thresholds?: Readonly<Record<string, number>>;
}

export type Outcome =
  | {
      readonly tier: 'local';
      /** The least score an answer must reach, 0 to 1. */
      readonly bar: number;
      /** What happens when no answer reaches the bar. */
      readonly otherwise: Exclude<Outcome, { tier: 'local' }>;
    }
  | {
      readonly tier: 'cloud';
      /** `provider/model`, tried in this order; empty means the first provider's default model. */
      readonly models: readonly string[];
    }
  | {
      readonly tier: 'human';
      readonly queue: string;
      readonly priority: Priority;
    }
  | {
      readonly tier: 'refuse';
      /** The sentence the user sees. */
      readonly message: string;
    };

export interface Decision {
  readonly outcome: Outcome;
  /** The `id` of the rule (or invariant) that decided. */
  readonly rule: string;
  /** The rule's own sentence: why. */
  readonly because: string;
  /** SHA-256 of the policy's source, first 12 hex digits. */
  readonly policyRevision: string;
}

// ── redact ──────────────────────────────────────────────────────────────────────────────────────────────────────────

declare const redactedBrand: unique symbol;
/**
 * A request with every finding replaced by a placeholder. Only `redact/` makes one, and `escalate/` accepts nothing
 * else: the layout test fails if this brand is cast to anywhere else.
 */
export interface RedactedInquiry {
  readonly [redactedBrand]: true;
  readonly requestId: string;
  readonly model: string;
  readonly stream: boolean;
  readonly body: JsonObject;
  /** Raw values that were replaced; the egress guard refuses bytes that hold one. Never logged. */
  readonly forbidden: readonly string[];
  /** What counted as personal data when this was made; the egress guard goes by the same. */
  readonly rules: PersonalRules;
}

// ── answer, escalate, handoff ───────────────────────────────────────────────────────────────────────────────────────

/** Tokens as the model's server counted them, or as estimated where no model ran. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * What goes back to the application, in OpenAI's shapes: one completion, or a stream of chunks. Ending the iteration
 * early (`return()`) cancels whatever still produces it.
 */
export type Answer = AnswerOrigin &
  (
    | { readonly form: 'whole'; readonly completion: JsonObject }
    | { readonly form: 'stream'; readonly chunks: AsyncIterable<JsonObject> }
  );

/** Where an answer came from. */
export interface AnswerOrigin {
  readonly tier: Exclude<Tier, 'refuse'>;
  /** A provider's name, `knowledge`, or `queue`. */
  readonly provider: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  /** Knowledge articles that the answer is, or leans on. */
  readonly sources: readonly string[];
  /** How well the answer fits the question, 0 to 1, where that was measured. */
  readonly score?: number;
  /** Requests sent upstream for this answer, retries and fallbacks counted in. */
  readonly attempts: number;
}

// ── record ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export const STAGES = [
  'authenticate',
  'detect',
  'classify',
  'decide',
  'answer',
  'redact',
  'escalate',
  'restore',
  'handoff',
  'respond',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * What is kept of a request. It holds no content: no field can take free text of the request or the answer. Names in
 * it come from configuration (policy, labels, keys, providers), from closed vocabularies, or are counts and ids.
 */
export interface JourneyRecord {
  readonly requestId: string;
  readonly traceId: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly keyId: string | null;
  readonly facts: Facts | null;
  readonly rule: string | null;
  readonly policyRevision: string | null;
  /** The tier the policy chose, and the one that answered: they differ where a local answer did not reach its bar. */
  readonly tierDecided: Tier | null;
  readonly tier: Tier | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly sources: readonly string[];
  readonly score: number | null;
  readonly attempts: number;
  readonly usage: Usage | null;
  readonly redacted: number;
  /** Personal data that a cloud model itself brought back; null: no answer of one was looked over. */
  readonly answerPersonal: KindCounts | null;
  readonly status: number;
  /** A code of the error table, or null. */
  readonly error: string | null;
  /** How the request ended: to its end, by an error, or because the client went away. */
  readonly end: 'complete' | 'error' | 'cancelled';
  /** Milliseconds spent in each stage that ran. */
  readonly durationsMs: Readonly<Partial<Record<Stage, number>>>;
  readonly totalMs: number;
}
