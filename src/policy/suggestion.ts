/** "Did you mean …?" for a word that is not in the vocabulary. */

const WORD_CHARS_MAX = 64;
const LISTED_MAX = 16;

/** What to write instead of `word`: the nearest known word, or all of them where they are few. Null: no idea. */
export function suggest(word: string, vocabulary: readonly string[]): string | null {
  const near = nearest(word, vocabulary);
  if (near !== null) return `Did you mean \`${near}\`?`;
  if (vocabulary.length === 0 || vocabulary.length > LISTED_MAX) return null;
  return `It can be: ${vocabulary.join(', ')}.`;
}

function nearest(word: string, vocabulary: readonly string[]): string | null {
  if (word.length > WORD_CHARS_MAX) return null;
  const plain = simplify(word);
  let best: string | null = null;
  let bestDistance = Math.floor(plain.length / 3) + 1;
  for (const candidate of vocabulary) {
    const distance =
      candidate.length > WORD_CHARS_MAX ? bestDistance : editDistance(plain, simplify(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  if (best !== null || plain.length < 4) return best;
  const longer = vocabulary.filter((candidate) => simplify(candidate).includes(plain));
  return longer.length === 1 ? (longer[0] ?? null) : null;
}

/** `Order Status`, `order-status` and `orderStatus` all mean `order_status`. */
function simplify(word: string): string {
  return word
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '_');
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
