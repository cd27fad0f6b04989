/**
 * Texts that are nearly the same: told by their letters, whatever an encoder makes of them. Two texts are near when
 * their sets of three-letter pieces are (Jaccard 1912: common pieces over all pieces), digits and punctuation not
 * counted. Found by prefix filtering (Bayardo, Ma and Srikant 2007, "Scaling Up All Pairs Similarity Search"): sets so
 * near must share one of their rarest pieces, so few pairs are ever compared.
 */

/** A typo, or a short word, apart. */
export const LIKENESS_MIN = 0.8;
const PIECE_CHARS = 3;
/** Text that is looked at. */
const CHARS_MAX = 1_000;
/** Near texts that are noted of one: in a set made from templates every text is near hundreds. */
const MATCHES_MAX = 8;

/** Two texts by their places in the list. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  /** 1: they differ in digits, case and punctuation at most. */
  readonly likeness: number;
}

/**
 * Pairs of near texts; of each text, those with some of the texts before it. Every text that is near any other is in
 * one, so the pairs also tell which texts belong together.
 * @param kinds a number for each text: its matches are noted for each kind, lest many of one hide those of another
 */
export function findNearPairs(texts: readonly string[], kinds: readonly number[]): NearPair[] {
  const pairs: NearPair[] = [];
  const byForm = Map.groupBy(texts.keys(), (i) => plainForm(texts[i] as string));
  for (const [form, same] of byForm) if (form !== '') pairs.push(...pairsOfSame(same, kinds));
  const forms = [...byForm.keys()].filter((form) => form !== '');
  for (const { a, b, likeness } of joinForms(forms)) {
    const others = oneOfEachKind(byForm.get(forms[a] as string) ?? [], kinds);
    for (const second of oneOfEachKind(byForm.get(forms[b] as string) ?? [], kinds)) {
      for (const first of others) pairs.push({ first, second, likeness });
    }
  }
  return pairs;
}

/** Each with the first of every kind, which ties them all together. */
function pairsOfSame(same: readonly number[], kinds: readonly number[]): NearPair[] {
  const firsts = oneOfEachKind(same, kinds);
  return same.flatMap((second) =>
    firsts.flatMap((first) => (first < second ? [{ first, second, likeness: 1 }] : [])),
  );
}

function oneOfEachKind(members: readonly number[], kinds: readonly number[]): number[] {
  return [...new Map(members.toReversed().map((i) => [kinds[i], i])).values()];
}

/** Lower case, digits as one, letters and spaces only. */
function plainForm(text: string): string {
  const folded = text.slice(0, CHARS_MAX).normalize('NFKC').toLowerCase();
  return folded
    .replaceAll(/\p{N}+/gu, '0')
    .replaceAll(/[^\p{L}\p{M}0]+/gu, ' ')
    .trim();
}

interface Match {
  readonly a: number;
  readonly b: number;
  readonly likeness: number;
}

function joinForms(forms: readonly string[]): Match[] {
  const sets = rankedPieces(forms);
  // Shorter ones first: a set is then only compared with those up to its own size.
  const order = [...sets.keys()].sort((a, b) => sizeOf(sets, a) - sizeOf(sets, b) || a - b);
  const index = new Map<number, number[]>();
  const matches: Match[] = [];
  for (const b of order) {
    const set = sets[b] as Int32Array;
    const prefix = set.length - Math.ceil(LIKENESS_MIN * set.length) + 1;
    const candidates = new Set<number>();
    for (const piece of set.subarray(0, prefix)) {
      const listed = index.get(piece);
      if (listed === undefined) index.set(piece, [b]);
      else {
        for (const a of listed) if (sizeOf(sets, a) >= LIKENESS_MIN * set.length) candidates.add(a);
        listed.push(b);
      }
    }
    let found = 0;
    for (const a of candidates) {
      const likeness = jaccard(sets[a] as Int32Array, set);
      if (likeness < LIKENESS_MIN) continue;
      matches.push({ a, b, likeness });
      found += 1;
      if (found === MATCHES_MAX) break;
    }
  }
  return matches;
}

const sizeOf = (sets: readonly Int32Array[], i: number): number => sets[i]?.length ?? 0;

/** Each text's pieces as numbers in rising order, rare ones having the low numbers. */
function rankedPieces(forms: readonly string[]): Int32Array[] {
  const pieces = forms.map((form) => {
    const padded = ` ${form} `;
    const count = Math.max(1, padded.length - PIECE_CHARS + 1);
    return [...new Set(Array.from({ length: count }, (_, i) => padded.slice(i, i + PIECE_CHARS)))];
  });
  const counts = new Map<string, number>();
  for (const piece of pieces.flat()) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => a[1] - b[1]);
  const ranks = new Map(ranked.map(([piece], rank) => [piece, rank]));
  return pieces.map((set) => Int32Array.from(set, (piece) => ranks.get(piece) ?? 0).sort());
}

/** Of two rising lists without repeats. */
function jaccard(a: Int32Array, b: Int32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] as number) - (b[j] as number);
    if (difference === 0) common += 1;
    if (difference <= 0) i += 1;
    if (difference >= 0) j += 1;
  }
  return common / (a.length + b.length - common);
}
