/**
 * The knowledge base at work: finds the articles that answer a message, with an honest score. Semantic retrieval over
 * every title, question and passage; the score is fitted at start from the articles' own questions (see `fitScore`).
 */
import type { Encoder } from '../engine/encoder.ts';
import { learnProbability, type Observation } from '../statistics/calibrate.ts';
import { type Article, loadArticles } from './articles.ts';
import { features, layOut, similarities, supports, type VectorTable } from './evidence.ts';
import { OFF_TOPIC_MESSAGES } from './off-topic.ts';

/** Most questions the score is fitted on, spread evenly over the articles: with more, a start would take too long. */
const FIT_QUESTIONS_MAX = 400;

/** An article found for a message. */
export interface Match {
  readonly article: Article;
  /** Chance that this article answers the message, 0 to 1. */
  readonly score: number;
}

/** A loaded knowledge base. Immutable: an edited folder is a new one. */
export interface Knowledge {
  /** Number of articles. */
  readonly size: number;
  /** Names the articles' contents: first 12 hex digits of a SHA-256. */
  readonly revision: string;
  readonly articles: readonly Article[];
  /** The best articles for a message, best first. `vector` is the message embedded by the encoder that made this. */
  find(vector: Float32Array, limit: number): readonly Match[];
}

/** Loads and embeds a folder of articles. @throws ArticlesError when it is not usable; Error when the encoder fails. */
export async function createKnowledge(options: {
  readonly encoder: Encoder;
  readonly folder: string;
  /** Texts embedded so far, and all there are. */
  readonly onProgress?: (done: number, total: number) => void;
}): Promise<Knowledge> {
  const { encoder, folder } = options;
  const { articles, revision } = await loadArticles(folder);
  const textsOf = articles.map((article) => [...article.questions, article.title, ...article.passages]);
  const texts = [...textsOf.flat(), ...OFF_TOPIC_MESSAGES];
  const embeddings = await encoder.embedAll(texts, (done) => options.onProgress?.(done, texts.length));
  const vectors = embeddings.map((embedding) => embedding.vector);
  const owners = textsOf.flatMap((own, article) => own.map(() => article));
  const index: Index = {
    articles,
    table: layOut(vectors.slice(0, owners.length), owners, encoder.dimensions),
    offTopic: layOut(vectors.slice(owners.length), null, encoder.dimensions),
  };
  const score = fitScore(index);
  return Object.freeze({
    size: articles.length,
    revision,
    articles,
    find: (vector: Float32Array, limit: number) => find(index, score, vector, limit),
  });
}

interface Index {
  readonly articles: readonly Article[];
  readonly table: VectorTable;
  readonly offTopic: VectorTable;
}

type Score = (features: readonly number[]) => number;

function find(
  { articles, table, offTopic }: Index,
  score: Score,
  vector: Float32Array,
  limit: number,
): Match[] {
  const support = supports(table, similarities(table, vector), articles.length);
  const against = similarities(offTopic, vector);
  return ranked(support)
    .slice(0, limit)
    .flatMap((at) => {
      const article = articles[at];
      return article === undefined ? [] : [{ article, score: score(features(at, support, against)) }];
    });
}

/** Article numbers by support, best first. */
function ranked(support: Float64Array): number[] {
  return [...support.keys()].sort((a, b) => (support[b] ?? -1) - (support[a] ?? -1));
}

/**
 * Fits the score on what the knowledge base itself can tell:
 * - each question with its own vector left out: is its article still found first?
 * - each question with its whole article left out: whatever is found instead counts as wrong, though now and then a
 *   neighbouring article would do, which makes the score cautious;
 * - each off-topic message, with itself left out: whatever is found is wrong.
 * Both kinds of negatives count the same altogether, so that their share does not depend on the knowledge base's size.
 */
function fitScore(index: Index): Score {
  const { articles, table, offTopic } = index;
  const rows: Observation[] = [];
  const add = (support: Float64Array, against: Float32Array, right: number | null, weight: number): void => {
    const top = ranked(support)[0] ?? 0;
    rows.push({ features: features(top, support, against), holds: top === right, weight });
  };
  const questions = questionRows(index);
  const offTopicCount = offTopic.articles.length;
  const absentWeight = Math.min(1, offTopicCount / questions.length);
  for (const row of questions) {
    const vector = vectorAt(table, row);
    const own = table.articles[row] ?? 0;
    const similarity = similarities(table, vector);
    const against = similarities(offTopic, vector);
    add(
      supports(table, similarity, articles.length, (other) => other === row),
      against,
      own,
      1,
    );
    if (articles.length > 1) {
      const absent = supports(table, similarity, articles.length, (other) => table.articles[other] === own);
      add(absent, against, null, absentWeight);
    }
  }
  for (let row = 0; row < offTopicCount; row += 1) {
    const vector = vectorAt(offTopic, row);
    const against = similarities(offTopic, vector).filter((_, other) => other !== row);
    add(supports(table, similarities(table, vector), articles.length), against, null, 1);
  }
  // With nothing but right or nothing but wrong finds there is nothing to learn from, so no answer is trusted.
  if (rows.every(({ holds }) => holds) || !rows.some(({ holds }) => holds)) return () => 0;
  return learnProbability(rows);
}

/** Rows of the table that hold questions, at most `FIT_QUESTIONS_MAX`. An article's questions stand before its other rows. */
function questionRows({ articles, table }: Index): number[] {
  const rows: number[] = [];
  let previous = -1;
  let left = 0;
  table.articles.forEach((article, row) => {
    if (article !== previous) left = articles[article]?.questions.length ?? 0;
    previous = article;
    if (left > 0) rows.push(row);
    left -= 1;
  });
  const stride = Math.max(1, rows.length / FIT_QUESTIONS_MAX);
  return Array.from(
    { length: Math.min(rows.length, FIT_QUESTIONS_MAX) },
    (_, at) => rows[Math.floor(at * stride)] ?? 0,
  );
}

function vectorAt({ values, dimensions }: VectorTable, row: number): Float32Array {
  return values.subarray(row * dimensions, (row + 1) * dimensions);
}
