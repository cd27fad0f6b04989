/** The conversation is one document: a value found in one leaf is personal data in every leaf. */
import { TiergateError } from '../errors.ts';
import { Literals } from '../literals.ts';
import type { Finding, Leaf } from '../shapes.ts';
import { isCovered, merged } from './spans.ts';

/** Distinct values in one request. The guards look for each of them in what leaves. */
export const VALUES_MAX = 5_000;
/** UTF-16 code units of all distinct values together. */
export const VALUE_CHARS_MAX = 1_048_576;

/** From this length a value with a digit or an `@` is found inside of longer words too: `redact` counts on it. */
const CHARS_MIN = 8;
/** From this length a value with a digit is found where it stands alone. Shorter ones would hide half of the prices. */
const CHARS_MIN_ALONE = 5;

/**
 * Finds what `findings` found wherever else it is.
 * @throws TiergateError detect_too_much
 */
export function spread(leaves: readonly Leaf[], findings: readonly Finding[]): Finding[] {
  const values = new Map<string, Finding>();
  let chars = 0;
  for (const finding of findings) {
    const value = leaves[finding.leaf]?.text.slice(finding.start, finding.end) ?? '';
    if (values.has(value)) continue;
    chars += value.length;
    values.set(value, finding);
  }
  if (values.size > VALUES_MAX || chars > VALUE_CHARS_MAX) {
    throw new TiergateError('detect_too_much', { detail: 'values' });
  }
  const wanted = [...values].filter(([value]) => value.length >= CHARS_MIN_ALONE && /[\d@]/.test(value));
  if (wanted.length === 0) return [];
  const literals = new Literals(wanted.map(([value]) => value));
  const known = new Map<number, Finding[]>();
  for (const finding of findings) {
    const there = known.get(finding.leaf);
    if (there === undefined) known.set(finding.leaf, [finding]);
    else there.push(finding);
  }
  return leaves.flatMap(({ text }, leaf) => {
    const spans = merged(known.get(leaf) ?? []);
    return literals.find(text).flatMap(({ index, start, end }) => {
      const source = wanted[index];
      if (source === undefined || isCovered(spans, start, end)) return [];
      if (source[0].length < CHARS_MIN && !standsAlone(text, start, end)) return [];
      return [
        { leaf, start, end, kind: source[1].kind, score: source[1].score, detector: 'spread', view: 'raw' },
      ];
    });
  });
}

const standsAlone = (text: string, start: number, end: number): boolean =>
  !/[\p{L}\p{N}]/u.test(text[start - 1] ?? '') && !/[\p{L}\p{N}]/u.test(text[end] ?? '');
