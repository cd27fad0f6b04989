/** From the logits of words to spans of a text: neighbouring words of one kind are one finding. */
import type { EntityKind } from '../../personal-kinds.ts';
import type { Window } from './windows.ts';

/** Offsets are UTF-16 code units of the text that was read. */
export interface NamedSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: EntityKind;
  readonly score: number;
}

/** Least chance that a word names something at all. Tuned on rows that were kept from training (names.ts of the recipes). */
export const NAMED_MIN = 0.5;

/** The labels of a tagger, read once. */
export interface LabelTable {
  readonly kinds: readonly EntityKind[];
  /** For each label but `O`: which of the kinds, and whether a finding begins with it. */
  readonly labels: readonly { readonly kind: number; readonly begins: boolean }[];
}

/** @throws Error for a label that is neither `O` nor `B-` or `I-` and a kind */
export function readLabels(labels: readonly string[], known: readonly EntityKind[]): LabelTable {
  const kinds: EntityKind[] = [];
  const rows = labels.slice(1).map((label) => {
    const kind = known.find((name) => name === label.slice(2));
    if (kind === undefined || !/^[BI]-/.test(label)) throw new Error(`The label ${label} is not known.`);
    if (!kinds.includes(kind)) kinds.push(kind);
    return { kind: kinds.indexOf(kind), begins: label.startsWith('B') };
  });
  return { kinds, labels: rows };
}

interface Judged {
  /** Chance that the word names something. */
  readonly named: number;
  readonly kind: number;
  readonly begins: boolean;
}

/** @param logits of all tokens of the window */
export function spansOf(window: Window, logits: Float32Array, table: LabelTable): NamedSpan[] {
  const width = table.labels.length + 1;
  const spans: NamedSpan[] = [];
  let open: { start: number; end: number; kind: number; scores: number[] } | null = null;
  const close = (): void => {
    if (open !== null) {
      const { start, end, kind, scores } = open;
      const score = scores.reduce((sum, each) => sum + each, 0) / scores.length;
      spans.push({ start, end, kind: table.kinds[kind] as EntityKind, score });
    }
    open = null;
  };
  for (const [at, word] of window.words.entries()) {
    const judged = judge(logits, (window.places[at] ?? 0) * width, table);
    if (judged === null) close();
    else if (open === null || (!isGlued(open.end, word) && (judged.begins || judged.kind !== open.kind))) {
      close();
      open = { start: word.start, end: word.end, kind: judged.kind, scores: [judged.named] };
    } else {
      open.end = word.end;
      open.scores.push(judged.named);
    }
  }
  close();
  return spans;
}

/** `Mensah-Boateng`, `O'Neill`: nothing between two words that are written with spaces, so they are one name. */
const isGlued = (end: number, { start, text }: Window['words'][number]): boolean =>
  start === end && /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}'’-]/u.test(text);

/** Null: it more likely names nothing. Most words do not, so those cost least. */
function judge(logits: Float32Array, first: number, { kinds, labels }: LabelTable): Judged | null {
  const nothing = logits[first] ?? 0;
  let others = 0;
  for (let at = 1; at <= labels.length; at++) others += Math.exp((logits[first + at] ?? 0) - nothing);
  const named = others === Number.POSITIVE_INFINITY ? 1 : others / (1 + others);
  if (Number.isNaN(named)) throw new Error('The names model gave what is no number.');
  if (named < NAMED_MIN) return null;
  const most = Math.max(...logits.subarray(first + 1, first + 1 + labels.length));
  const ofKind = new Array<number>(kinds.length).fill(0);
  const beginning = new Array<number>(kinds.length).fill(0);
  for (const [at, { kind, begins }] of labels.entries()) {
    const weight = Math.exp((logits[first + at + 1] ?? 0) - most);
    ofKind[kind] = (ofKind[kind] ?? 0) + weight;
    if (begins) beginning[kind] = (beginning[kind] ?? 0) + weight;
  }
  const kind = ofKind.indexOf(Math.max(...ofKind));
  return { named, kind, begins: (beginning[kind] ?? 0) * 2 > (ofKind[kind] ?? 0) };
}
