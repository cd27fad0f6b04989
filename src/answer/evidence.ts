/**
 * What speaks for each article, from the similarities of a message to everything the knowledge base holds. Similarity
 * alone says little: even an off-topic message comes rather near to something. So each
 * article is also weighed against all others, and against messages that are known to be off-topic.
 */

/**
 * An article is supported by its best three vectors, the best counted twice: a single lucky match does not carry an article,
 * and a question written word for word always does.
 */
const SUPPORT_WEIGHTS = [0.5, 0.25, 0.25] as const;
/** Difference in support that makes an article e times as likely as another. */
const TEMPERATURE = 0.01;
/** Caps the log-odds, so that an outlier cannot bend the fit. */
const LOG_ODDS_MAX = 14;

/** Vectors side by side in one array, and which article each belongs to. */
export interface VectorTable {
  readonly dimensions: number;
  readonly values: Float32Array;
  /** `articles[row]` is the article of a row. Rows of one article stand together, in the articles' order. */
  readonly articles: Int32Array;
}

/** Lays vectors side by side; `owners[row]` is the article of a row, and null stands for rows of no article. */
export function layOut(
  vectors: readonly Float32Array[],
  owners: readonly number[] | null,
  dimensions: number,
): VectorTable {
  const values = new Float32Array(vectors.length * dimensions);
  vectors.forEach((vector, row) => {
    values.set(vector, row * dimensions);
  });
  return { dimensions, values, articles: Int32Array.from(owners ?? vectors.map(() => -1)) };
}

/** The dot product of `vector` with every row; of unit vectors, that is their cosine. */
export function similarities(
  { values, dimensions, articles }: VectorTable,
  vector: Float32Array,
): Float32Array {
  const result = new Float32Array(articles.length);
  for (let row = 0, start = 0; row < result.length; row += 1, start += dimensions) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    // Four sums at once do not wait for each other.
    for (let at = 0; at < dimensions; at += 4) {
      a += (vector[at] ?? 0) * (values[start + at] ?? 0);
      b += (vector[at + 1] ?? 0) * (values[start + at + 1] ?? 0);
      c += (vector[at + 2] ?? 0) * (values[start + at + 2] ?? 0);
      d += (vector[at + 3] ?? 0) * (values[start + at + 3] ?? 0);
    }
    result[row] = a + b + c + d;
  }
  return result;
}

/** Support of each article: the weighted mean of its best similarities. -1 for an article all of whose rows are left out. */
export function supports(
  table: VectorTable,
  similarity: Float32Array,
  count: number,
  leftOut: (row: number) => boolean = () => false,
): Float64Array {
  const best = new Float64Array(count * 3).fill(-1);
  for (let row = 0; row < similarity.length; row += 1) {
    if (leftOut(row)) continue;
    const at = (table.articles[row] ?? 0) * 3;
    const value = similarity[row] ?? -1;
    if (value > (best[at] ?? -1)) {
      best[at + 2] = best[at + 1] ?? -1;
      best[at + 1] = best[at] ?? -1;
      best[at] = value;
    } else if (value > (best[at + 1] ?? -1)) {
      best[at + 2] = best[at + 1] ?? -1;
      best[at + 1] = value;
    } else if (value > (best[at + 2] ?? -1)) {
      best[at + 2] = value;
    }
  }
  return Float64Array.from({ length: count }, (_, article) =>
    weigh(best.subarray(article * 3, article * 3 + 3)),
  );
}

/** An article with fewer than three vectors is judged by those it has. */
function weigh(best: Float64Array): number {
  let sum = 0;
  let weights = 0;
  SUPPORT_WEIGHTS.forEach((weight, at) => {
    const value = best[at] ?? -1;
    if (value > -1) {
      sum += weight * value;
      weights += weight;
    }
  });
  return weights === 0 ? -1 : sum / weights;
}

/**
 * The two features of the honest score for one article: its support, and the log-odds of the article against all other
 * articles and the off-topic messages, each of which competes with its own similarity.
 */
export function features(article: number, support: Float64Array, offTopic: Float32Array): [number, number] {
  const own = support[article] ?? -1;
  let others = 0;
  support.forEach((value, at) => {
    if (at !== article) others += Math.exp((value - own) / TEMPERATURE);
  });
  for (const value of offTopic) others += Math.exp((value - own) / TEMPERATURE);
  const logOdds = -Math.log(others);
  return [own, Math.max(-LOG_ODDS_MAX, Math.min(LOG_ODDS_MAX, logOdds))];
}
