/**
 * Keeps the promises of the policy in force: gives each decision its thresholds, and takes them back where a promise is
 * in danger. It tightens by itself and never loosens: that takes a new calibration, which a person makes.
 */
import { TiergateError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import type { Facts, JourneyRecord } from '../shapes.ts';
import type { ShareBounds } from '../statistics/betting.ts';
import { reaches } from './calibrate.ts';
import type { Guarantee, ReadCalibration } from './calibration.ts';
import type { FeedbackStore, JudgedRequest, Verdict } from './feedback-store.ts';
import { findGuarantee, type Uncalibrated } from './find-guarantee.ts';
import { type Cause, LEVELS, type Level, PromiseWatch } from './promise-watch.ts';

/** How a rule's promise is doing. */
export interface PromiseStatus {
  readonly rule: string;
  readonly level: Level | 'uncalibrated';
  readonly why: Uncalibrated | Cause | null;
  /** The confidence from which the rule takes requests; null: it takes none. */
  readonly threshold: number | null;
  /** Of the share of misunderstood requests, as far as was said. */
  readonly error: ShareBounds;
  readonly outcomes: number;
}

/** At least one of the two. */
export interface Says {
  readonly right?: boolean | undefined;
  /** Null: none of those that there are. */
  readonly intent?: string | null | undefined;
}

export interface KeeperParts {
  readonly policy: () => Policy;
  /** Names the labels and the encoder in use. */
  readonly labelsRevision: () => string;
  readonly store: FeedbackStore;
  /** Told of each promise when it comes under watch, and when it has become worse. */
  readonly onChange: (status: PromiseStatus) => void;
  /** Told of the status whenever there is a new outcome. */
  readonly onOutcome?: (status: PromiseStatus) => void;
}

/** A rule's promise under the policy, the labels and the calibration in force. */
interface Kept {
  readonly rule: string;
  readonly guarantee: Guarantee | null;
  readonly why: Uncalibrated | null;
  readonly watch: PromiseWatch | null;
  /** The level that was last told; null: none yet. */
  told: PromiseStatus['level'] | null;
}

/** Requests from before this process, or before the policy changed, that are watched again. It blocks the event loop. */
const CATCH_UP_MAX = 20_000;

export class GuaranteeKeeper {
  readonly #parts: KeeperParts;
  #calibration: ReadCalibration | null = null;
  #kept: readonly Kept[] = [];
  #thresholds: Facts['thresholds'];
  #revision = '';
  /** What `#kept` was made for. */
  #madeFor = '';

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** What a decision needs of it (see `Facts`). Undefined where the policy promises nothing. */
  thresholds(): Facts['thresholds'] {
    this.#look();
    return this.#thresholds;
  }

  /** Goes over to another calibration; null: none. */
  use(calibration: ReadCalibration | null): void {
    this.#calibration = calibration;
    this.#begin();
  }

  /** A request that was decided. */
  decided({ requestId, at, facts, rule }: JourneyRecord): void {
    if (facts === null || rule === null || facts.labels?.status !== 'classified') return;
    this.#look();
    const judged = { ...facts, labels: facts.labels };
    const labelsRevision = this.#parts.labelsRevision();
    const { tenant } = facts;
    this.#parts.store.note({ requestId, tenant, at: Date.parse(at), labelsRevision, rule, facts: judged });
    this.#arrived(judged);
    this.#tell();
  }

  /**
   * What somebody says about a request, and whether it was right then.
   * @throws TiergateError record_no_such_request; in_body_invalid where it contradicts itself
   */
  say(requestId: string, tenant: string, { right, intent }: Says): Verdict {
    this.#look();
    const { store, labelsRevision, onOutcome } = this.#parts;
    const request = store.find(requestId, tenant);
    const isSame = intent === undefined ? undefined : intent === request.facts.labels.intent;
    if (right !== undefined && isSame !== undefined && right !== isSame) {
      const message = `\`intent\` is ${isSame ? '' : 'not '}the one that was found, and \`right\` says otherwise.`;
      throw new TiergateError('in_body_invalid', { param: 'intent', message });
    }
    const verdict = { right: right ?? isSame ?? false, intent: intent ?? null };
    store.say(requestId, verdict);
    // Said twice, the last word is kept; but a game is not played again.
    if (request.wrong !== null || request.labelsRevision !== labelsRevision()) return verdict;
    this.#count(request, !verdict.right);
    this.#tell();
    const one = this.#kept.find(({ rule }) => rule === request.rule);
    if (one !== undefined) onOutcome?.(statusOf(one));
    return verdict;
  }

  statuses(): readonly PromiseStatus[] {
    this.#look();
    return this.#kept.map(statusOf);
  }

  /** Looks whether the policy or the labels are others by now; both change while requests come in. */
  #look(): void {
    const revision = `${this.#parts.policy().revision} ${this.#parts.labelsRevision()}`;
    if (revision === this.#revision) return;
    this.#revision = revision;
    // Most edits of a policy leave its promises as they are.
    if (this.#madeFor !== this.#wanted()) this.#begin();
  }

  #wanted(): string {
    return JSON.stringify([this.#parts.policy().guarantees, this.#parts.labelsRevision()]);
  }

  #begin(): void {
    this.#madeFor = this.#wanted();
    this.#kept = this.#parts.policy().guarantees.map((guaranteed) => {
      const { rule } = guaranteed;
      const found = findGuarantee(this.#calibration, guaranteed, this.#parts.labelsRevision());
      if (typeof found === 'string') return { rule, guarantee: null, why: found, watch: null, told: null };
      const stored = this.#parts.store.level(this.#calibration?.id ?? '', rule);
      const watch = new PromiseWatch(found, LEVELS.find((level) => level === stored) ?? 'kept');
      return { rule, guarantee: found, why: null, watch, told: null };
    });
    this.#thresholds = undefined;
    this.#catchUp();
    this.#tell();
  }

  /** What came in since the calibration counts, too, whatever happened to this process meanwhile. */
  #catchUp(): void {
    if (this.#calibration === null || this.#kept.every(({ watch }) => watch === null)) return;
    const { store, labelsRevision } = this.#parts;
    const since = Date.parse(this.#calibration.madeAt);
    for (const { facts, labelsRevision: of } of store.since(since, CATCH_UP_MAX)) {
      if (of === labelsRevision()) this.#arrived(facts);
    }
    for (const request of store.saidSince(since, CATCH_UP_MAX)) {
      if (request.labelsRevision === labelsRevision()) this.#count(request, request.wrong === true);
    }
  }

  #arrived(facts: JudgedRequest['facts']): void {
    for (const { rule, watch } of this.#kept) {
      if (watch !== null && reaches(facts, rule, this.#parts.policy()))
        watch.arrived(facts.labels.confidence);
    }
  }

  /** Only what was answered on the strength of this promise says whether it is kept. */
  #count({ rule, facts, at }: JudgedRequest, wrong: boolean): void {
    const one = this.#kept.find((each) => each.rule === rule);
    const since = Date.parse(this.#calibration?.madeAt ?? '');
    const { threshold = null } = one?.guarantee ?? {};
    const isTaken = facts.thresholds?.[rule] !== undefined && at >= since;
    if (isTaken && threshold !== null && facts.labels.confidence >= threshold) one?.watch?.said(wrong);
  }

  /** Writes down and passes on what has become worse, and works out the thresholds. */
  #tell(): void {
    const changed = this.#kept.filter((one) => levelOf(one) !== one.told);
    if (changed.length === 0) return;
    this.#thresholds = Object.fromEntries(this.#kept.flatMap(thresholdOf));
    for (const one of changed) {
      one.told = levelOf(one);
      if (one.watch !== null)
        this.#parts.store.setLevel(this.#calibration?.id ?? '', one.rule, one.watch.level);
      this.#parts.onChange(statusOf(one));
    }
  }
}

const levelOf = ({ watch }: Kept): PromiseStatus['level'] => watch?.level ?? 'uncalibrated';

function thresholdOf({ rule, guarantee, watch }: Kept): [string, number][] {
  const level = watch?.level ?? 'broken';
  if (level === 'broken' || guarantee === null) return [];
  const threshold = level === 'kept' ? guarantee.threshold : guarantee.stricter;
  return threshold === null ? [] : [[rule, threshold]];
}

function statusOf(one: Kept): PromiseStatus {
  const { rule, watch, why } = one;
  return {
    rule,
    level: levelOf(one),
    why: why ?? watch?.cause ?? null,
    threshold: thresholdOf(one)[0]?.[1] ?? null,
    error: watch?.errorBounds() ?? { low: 0, high: 1 },
    outcomes: watch?.outcomes ?? 0,
  };
}
