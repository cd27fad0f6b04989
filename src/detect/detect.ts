/**
 * The stage `detect`: all personal data of a request, found once. The conversation is one document: a value found in
 * one place, by the words beside it, is found in every place.
 */
import { TiergateError } from '../errors.ts';
import { type EntityKind, isNamed } from '../personal-kinds.ts';
import { EVERYTHING } from '../policy/personal-rules.ts';
import type { Detection, Finding, Json, Leaf, PersonalRules } from '../shapes.ts';
import { type InPieces, inTurns } from '../turns.ts';
import { aroundMasks } from './around-masks.ts';
import { type CustomFamily, customFamily } from './custom.ts';
import { nameOnly } from './names/name-only.ts';
import { questionsOf } from './said/asked.ts';
import { isSurer, masked, merged } from './spans.ts';
import type { Known } from './spread/known.ts';
import { spread } from './spread/spread.ts';
import { type Found, findStructured, placeOf, searchStructured } from './structured.ts';
import { LeafViews } from './views/leaf-views.ts';
import { WINDOW_CHARS } from './views/view-windows.ts';
import { leavesOf } from './walk.ts';

/**
 * Finds some kinds of personal data. The structured kinds are built in; a model that finds names or addresses is one
 * more of these: it sees all leaves at once and takes the time it needs.
 */
export interface Detector {
  readonly name: string;
  readonly kinds: readonly EntityKind[];
  find(leaves: readonly Leaf[], signal?: AbortSignal): readonly Finding[] | Promise<readonly Finding[]>;
}

/**
 * @param rules what counts as personal data; everything, if not given
 * @param known values of the conversation's earlier requests: they are found here as well
 */
export type Detect = (
  body: Json,
  rules?: PersonalRules,
  signal?: AbortSignal,
  known?: readonly Known[],
) => Promise<Detection>;

/** Looks at what is left once values are masked. The egress guard refuses what would still be found after these. */
const ROUNDS_MAX = 8;

/**
 * Makes the stage.
 * @param detectors those beside the structured ones
 * @returns finds everything, or throws TiergateError: detect_too_much, or detect_failed when any detector fails (a
 * search that is not whole counts as none); or the signal's reason
 */
export function createDetect(detectors: readonly Detector[] = []): Detect {
  return async (body, rules = EVERYTHING, signal, known = []) => {
    try {
      const leaves = leavesOf(body);
      const findings = await Promise.all(detectors.map(async (detector) => detector.find(leaves, signal)));
      return await inTurns(completed(leaves, findings.flat(), known, rules), signal);
    } catch (thrown) {
      if (thrown instanceof TiergateError || (signal?.aborted === true && thrown === signal.reason))
        throw thrown;
      throw new TiergateError('detect_failed', { cause: thrown });
    }
  };
}

/**
 * Adds what the structured detectors find, what is the same elsewhere, and what shows only once the rest is masked. In
 * pieces of work, so that other requests have their turn between.
 */
function* completed(
  leaves: readonly Leaf[],
  given: readonly Finding[],
  known: readonly Known[],
  rules: PersonalRules,
): InPieces<Detection> {
  const found = new Map<number, Finding[]>();
  const own = customFamily(rules);
  const views = new LeafViews(leaves);
  const look: Look = { leaves, own, views, questions: questionsOf(leaves) };
  const others = known.filter(({ value, kind, score }) =>
    own.counts({ start: 0, end: value.length, kind, score, detector: 'spread' }, value),
  );
  let fresh = onlyNames(leaves, given).filter((finding) =>
    own.counts(finding, leaves[finding.leaf]?.text ?? ''),
  );
  let waiting: Iterable<number> = leaves.keys();
  let chars = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const leaf of waiting) {
      // The first look is at the whole text: what another detector found may be part of more.
      const there = round === 0 ? [] : (found.get(leaf) ?? []);
      const { text } = leaves[leaf] ?? { text: '' };
      chars += text.length;
      // Pieces of work cost more than they are worth where they are short.
      const isLong = text.length > WINDOW_CHARS;
      const matches = isLong ? yield* searchLong(look, leaf, there) : searchLeaf(look, leaf, there);
      for (const finding of matches) fresh.push(finding);
      if (chars < WINDOW_CHARS) continue;
      chars = 0;
      yield;
    }
    if (fresh.length === 0 && (round > 0 || others.length === 0)) break;
    for (const finding of fresh) put(found, leaves, finding);
    for (const finding of yield* spread(leaves, [...found.values()].flat(), views, others)) {
      if (isAllowedName(leaves, finding, own)) continue;
      put(found, leaves, finding);
      fresh.push(finding);
    }
    waiting = new Set(fresh.map(({ leaf }) => leaf));
    // Where a name was cut around a value, signs and spaces are left at its ends.
    for (const leaf of waiting) found.set(leaf, onlyNames(leaves, merged(found.get(leaf) ?? [])));
    fresh = [];
  }
  return summed(leaves, found, rules);
}

/** Findings without what is no part of a name, and without those of which nothing is left. */
const onlyNames = (leaves: readonly Leaf[], findings: readonly Finding[]): Finding[] =>
  findings.flatMap((finding) => nameOnly(finding, leaves[finding.leaf]?.text ?? '') ?? []);

/** Whether a name that is known from elsewhere stands in a value that is allowed: a person's, in that of a company. */
function isAllowedName(leaves: readonly Leaf[], finding: Finding, own: CustomFamily): boolean {
  return isNamed(finding.kind) && !own.counts({ ...finding, score: 1 }, leaves[finding.leaf]?.text ?? '');
}

/** What every search of a leaf needs. */
interface Look {
  readonly leaves: readonly Leaf[];
  readonly own: CustomFamily;
  readonly views: LeafViews;
  readonly questions: ReadonlyMap<number, string>;
}

/** What is found in a leaf; with some values `known`, what shows once they are masked. */
function searchLeaf(
  { leaves, own, views, questions }: Look,
  index: number,
  known: readonly Finding[],
): Finding[] {
  const leaf = leaves[index];
  if (leaf === undefined) return [];
  const question = questions.get(index);
  const place = question === undefined ? placeOf(leaf) : [...placeOf(leaf), question];
  if (known.length === 0) {
    const matches = findStructured(leaf.text, place, false, own, views.of(index));
    return matches.length === 0 ? [] : matches.map((match) => ({ ...match, leaf: index }));
  }
  return around(leaf, known).flatMap(({ text, inLeaf }) =>
    inLeaf(index, findStructured(text, place, true, own)),
  );
}

/** The same in pieces of work, for a long text. */
function* searchLong(
  { leaves, own, views }: Look,
  index: number,
  known: readonly Finding[],
): InPieces<Finding[]> {
  const leaf = leaves[index];
  if (leaf === undefined) return [];
  if (known.length === 0) {
    const whole = yield* views.inPieces(index);
    const matches = yield* searchStructured(leaf.text, placeOf(leaf), false, own, whole);
    return matches.map((match) => ({ ...match, leaf: index }));
  }
  const found: Finding[] = [];
  for (const { text, inLeaf } of around(leaf, known)) {
    const matches = yield* searchStructured(text, placeOf(leaf), true, own);
    for (const finding of inLeaf(index, matches)) found.push(finding);
    yield;
  }
  return found;
}

/** A part of a masked leaf, and what is found in it that counts, by its place in the leaf. */
interface Around {
  readonly text: string;
  readonly inLeaf: (leaf: number, found: readonly Found[]) => Finding[];
}

function around(leaf: Leaf, known: readonly Finding[]): Around[] {
  const rest = masked(leaf.text, merged(known));
  return aroundMasks(rest.text).map(({ text, offset, counts }) => ({
    text,
    inLeaf: (index, found) =>
      found.filter(counts).map((match) => {
        const [start, end] = rest.raw(offset + match.start, offset + match.end);
        return { ...match, leaf: index, start, end };
      }),
  }));
}

/** A finding outside of its leaf is a fault of its detector, and fails the request. */
function put(found: Map<number, Finding[]>, leaves: readonly Leaf[], finding: Finding): void {
  const length = leaves[finding.leaf]?.text.length ?? -1;
  if (!(finding.start >= 0 && finding.end > finding.start && finding.end <= length)) {
    throw new TiergateError('detect_failed', { detail: `a finding of ${finding.kind} outside of its text` });
  }
  const there = found.get(finding.leaf);
  if (there === undefined) found.set(finding.leaf, [finding]);
  else there.push(finding);
}

function summed(
  leaves: readonly Leaf[],
  found: ReadonlyMap<number, readonly Finding[]>,
  rules: PersonalRules,
): Detection {
  const order = [...found.keys()].sort((a, b) => a - b);
  const all = order.flatMap((leaf) => found.get(leaf) ?? []);
  // One value has one kind, so that it gets one placeholder: the kind that is surest of it.
  const surest = new Map<string, Finding>();
  const textOf = ({ leaf, start, end }: Finding): string => leaves[leaf]?.text.slice(start, end) ?? '';
  for (const finding of all) {
    const known = surest.get(textOf(finding));
    if (known === undefined || isSurer(finding, known)) surest.set(textOf(finding), finding);
  }
  const kinds: Record<string, number> = {};
  const findings = all.map((finding) => {
    const { kind, score } = surest.get(textOf(finding)) ?? finding;
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    return { ...finding, kind, score };
  });
  for (const { covers = [] } of all) {
    for (const kind of covers) if (rules.decisive(kind)) kinds[kind] ??= 1;
  }
  return { leaves, findings, kinds };
}
