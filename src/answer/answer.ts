/**
 * The stage that answers on-prem. First the knowledge base: an approved answer, word for word, if its score reaches the
 * policy's bar. Then, where one is configured, a model server inside the perimeter, with the passages found as context.
 */
import type { Encoder } from '../engine/encoder.ts';
import type { Answer, Inquiry } from '../shapes.ts';
import { buildAnswer } from '../wire/completion.ts';
import { followUpOf } from './follow-up.ts';
import type { Knowledge, Match } from './knowledge.ts';

/** Articles that a model is given as context. */
const PASSAGES_MAX = 4;

/** An article's approved text, as context for a model. */
export interface Passage {
  readonly title: string;
  readonly text: string;
}

/** Asks the model server inside the perimeter. @throws TiergateError answer_unavailable; the signal's reason. */
export type AskModel = (
  inquiry: Inquiry,
  passages: readonly Passage[],
  signal: AbortSignal,
) => Promise<Answer>;

export interface AnswerOptions {
  /** The least score an answer must reach, 0 to 1. */
  readonly bar: number;
  readonly signal: AbortSignal;
}

export type LocalAnswer =
  | { readonly kind: 'good'; readonly answer: Answer }
  | {
      readonly kind: 'insufficient';
      /** The best score there was, 0 to 1. */
      readonly score: number;
      /** `needs_model`: the request asks for more than text (tools, images, …), and there is no model. */
      readonly reason: 'below_bar' | 'needs_model' | 'empty';
    };

export type AnswerStage = (inquiry: Inquiry, options: AnswerOptions) => Promise<LocalAnswer>;

/**
 * What needs more than text goes to the model without a score: nothing here can judge it. Text that no single article
 * answers goes to the model only if the articles found are likely enough to hold the answer together: the bar then
 * applies to that chance, not to the model's words.
 *
 * @throws (the stage) whatever the encoder or the model throws
 */
export function createAnswer(parts: {
  readonly knowledge: Knowledge;
  readonly encoder: Encoder;
  readonly askModel?: AskModel | undefined;
}): AnswerStage {
  const { knowledge, encoder, askModel } = parts;
  return async (inquiry, { bar, signal }) => {
    if (inquiry.features.length > 0) {
      if (!askModel) return { kind: 'insufficient', score: 0, reason: 'needs_model' };
      return { kind: 'good', answer: await askModel(inquiry, [], signal) };
    }
    if (inquiry.text === '') return { kind: 'insufficient', score: 0, reason: 'empty' };
    const matches = await findMatches(inquiry, knowledge, encoder, signal);
    const best = matches[0];
    if (best !== undefined && best.score >= bar) return { kind: 'good', answer: approved(inquiry, best) };
    if (askModel) {
      // Taken as independent, which errs towards asking the model: its passages are approved in any case.
      const score = 1 - matches.reduce((none, match) => none * (1 - match.score), 1);
      if (score < bar) return { kind: 'insufficient', score, reason: 'below_bar' };
      const passages = matches.map(({ article: { title, text } }) => ({ title, text }));
      const answer = await askModel(inquiry, passages, signal);
      return {
        kind: 'good',
        answer: { ...answer, sources: matches.map(({ article }) => article.id), score },
      };
    }
    return { kind: 'insufficient', score: best?.score ?? 0, reason: 'below_bar' };
  };
}

/**
 * The articles found for the last message. Within a conversation it may lean on what was said before ("and how long does
 * that take?"), so it must find the same article when read together with the message before it; if not, no score is
 * above what both readings agree on.
 */
async function findMatches(
  { body, text }: Inquiry,
  knowledge: Knowledge,
  encoder: Encoder,
  signal: AbortSignal,
): Promise<readonly Match[]> {
  const alone = knowledge.find((await encoder.embed(text, signal)).vector, PASSAGES_MAX);
  const earlier = followUpOf(body);
  if (earlier === null) return alone;
  const both = await encoder.embed(`${earlier}\n${text}`, signal);
  const together = new Map(
    knowledge.find(both.vector, PASSAGES_MAX).map(({ article, score }) => [article.id, score]),
  );
  return alone
    .map(({ article, score }) => ({ article, score: Math.min(score, together.get(article.id) ?? 0) }))
    .sort((a, b) => b.score - a.score);
}

/** The approved text as it was written, with its source. */
function approved(inquiry: Inquiry, { article, score }: Match): Answer {
  return buildAnswer(`${article.text}\n\nSource: ${article.title}`, inquiry, {
    tier: 'local',
    provider: 'knowledge',
    model: 'knowledge',
    sources: [article.id],
    score,
    attempts: 0,
  });
}
