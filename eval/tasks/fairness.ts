/**
 * Counterfactual fairness: the same message with the names, the dialect or the grammar of different groups must be
 * understood and routed alike (Garg et al. 2019, "Counterfactual Fairness in Text Classification through Robustness",
 * arXiv:1809.10610). The flip rate is the share of pairs of versions, of two groups, that differ.
 */
import { readFileSync } from 'node:fs';
import { decide } from '../../src/decide/decide.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { OWN_MODELS, type Policy } from '../../src/policy/policy.ts';
import { readSettings } from '../../src/settings.ts';
import type { Classification, Unclassified } from '../../src/shapes.ts';
import { estimateTokens } from '../../src/wire/tokens.ts';
import type { Counterfactual } from '../texts/counterfactuals.ts';
import type { Run } from './run.ts';
import type { ShippedHeads } from './shipped-heads.ts';

/** What must not depend on who writes. */
export const OUTCOMES = ['intent', 'urgency', 'route'] as const;
export type Outcome = (typeof OUTCOMES)[number];
/** Messages that flip most, to look at. */
const EXAMPLES_MAX = 8;
const TENANT = 'eval';

export interface Flips {
  /** Pairs of versions, of two groups, of one message. */
  readonly pairs: number;
  /** The share of pairs that differ, by outcome. */
  readonly rates: Readonly<Record<Outcome, number>>;
}

export interface GroupFlips {
  readonly group: string;
  readonly versions: number;
  /** The share of versions that differ from what most versions of their message get, by outcome. */
  readonly rates: Readonly<Record<Outcome, number>>;
}

export interface FlipExample {
  readonly outcome: Outcome;
  /** What most versions get, and one of these; and what another gets. */
  readonly usual: string;
  readonly usualText: string;
  readonly other: string;
  readonly otherText: string;
  readonly group: string;
}

export interface FairnessFigures {
  readonly kind: string;
  readonly messages: number;
  readonly flips: Flips;
  readonly groups: readonly GroupFlips[];
  readonly examples: readonly FlipExample[];
}

export type Labelled = Readonly<Record<Outcome, string>> & { readonly group: string; readonly text: string };

/** By kind of difference, and last of all together. */
export async function measureFairness(
  run: Run,
  heads: ShippedHeads,
  all: readonly Counterfactual[],
): Promise<FairnessFigures[]> {
  const { TIERGATE_POLICY: file } = readSettings({});
  const policy = compilePolicy(readFileSync(file, 'utf8'), file, { intents: heads.classify.intents });
  const texts = all.flatMap(({ versions }) => versions.map(({ text }) => text));
  const judged = await heads.judge('counterfactuals', texts);
  const labels = new Map(texts.map((text, at) => [text, judged[at] ?? null]));
  const messages = all.map(({ kind, versions }) => ({
    kind,
    versions: versions.map(({ group, text }) => labelled(policy, group, text, labels.get(text) ?? null)),
  }));
  run.progress('comparing counterfactuals', 1)(1);
  return [...Map.groupBy(messages, ({ kind }) => kind), ['all', messages] as const].map(([kind, same]) =>
    figuresOf(
      kind,
      same.map(({ versions }) => versions),
    ),
  );
}

function labelled(policy: Policy, group: string, text: string, labels: Classification | null): Labelled {
  const unclassified: Unclassified = { status: 'unclassified', reason: 'failed' };
  const { outcome } = decide(policy, {
    tenant: TENANT,
    model: OWN_MODELS[0],
    features: [],
    promptTokens: estimateTokens(text),
    personal: {},
    labels: labels ?? unclassified,
  });
  return {
    group,
    text,
    intent: labels?.intent ?? 'none',
    urgency: labels?.urgency ?? 'none',
    route: outcome.tier === 'human' ? `human: ${outcome.queue}, ${outcome.priority}` : outcome.tier,
  };
}

/** @param messages each in all its versions */
export function figuresOf(kind: string, messages: readonly (readonly Labelled[])[]): FairnessFigures {
  const flipped: Record<Outcome, number> = { intent: 0, urgency: 0, route: 0 };
  let pairs = 0;
  for (const versions of messages) {
    versions.forEach((one, at) => {
      for (const other of versions.slice(at + 1)) {
        if (one.group === other.group) continue;
        pairs += 1;
        for (const outcome of OUTCOMES) if (one[outcome] !== other[outcome]) flipped[outcome] += 1;
      }
    });
  }
  const usuals = messages.map((versions) => ({ versions, usual: usualOf(versions) }));
  return {
    kind,
    messages: messages.length,
    flips: { pairs, rates: sharesOf(flipped, pairs) },
    groups: groupsOf(usuals),
    examples: OUTCOMES.flatMap((outcome) => examplesOf(outcome, usuals)).slice(0, EXAMPLES_MAX * 3),
  };
}

interface WithUsual {
  readonly versions: readonly Labelled[];
  readonly usual: Readonly<Record<Outcome, string>>;
}

/** What most versions get; of several, the first. */
function usualOf(versions: readonly Labelled[]): Record<Outcome, string> {
  const most = (outcome: Outcome): string => {
    const counts = [...Map.groupBy(versions, (version) => version[outcome])];
    return counts.reduce((best, each) => (each[1].length > best[1].length ? each : best))[0];
  };
  return { intent: most('intent'), urgency: most('urgency'), route: most('route') };
}

function groupsOf(messages: readonly WithUsual[]): GroupFlips[] {
  const all = messages.flatMap(({ versions, usual }) =>
    versions.map((version) => ({
      group: version.group,
      differs: OUTCOMES.filter((outcome) => version[outcome] !== usual[outcome]),
    })),
  );
  return [...Map.groupBy(all, ({ group }) => group)].map(([group, versions]) => {
    const counts: Record<Outcome, number> = { intent: 0, urgency: 0, route: 0 };
    for (const { differs } of versions) for (const outcome of differs) counts[outcome] += 1;
    return { group, versions: versions.length, rates: sharesOf(counts, versions.length) };
  });
}

/** One of each message at most. */
function examplesOf(outcome: Outcome, messages: readonly WithUsual[]): FlipExample[] {
  return messages
    .flatMap(({ versions, usual }): FlipExample[] => {
      const odd = versions.find((version) => version[outcome] !== usual[outcome]);
      const one = versions.find((version) => version[outcome] === usual[outcome]);
      if (odd === undefined || one === undefined) return [];
      const { group, text } = odd;
      return [
        {
          outcome,
          usual: usual[outcome],
          usualText: one.text,
          other: odd[outcome],
          otherText: text,
          group,
        },
      ];
    })
    .slice(0, EXAMPLES_MAX);
}

const sharesOf = (counts: Readonly<Record<Outcome, number>>, of: number): Record<Outcome, number> => ({
  intent: counts.intent / of,
  urgency: counts.urgency / of,
  route: counts.route / of,
});
