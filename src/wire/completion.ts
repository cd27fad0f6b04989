/**
 * Answers that tiergate itself gives, in the shapes of OpenAI's chat completion object and chat completion chunk
 * (OpenAI API reference, "Chat").
 */
import type { Answer, AnswerOrigin, Inquiry, Json, JsonObject, Usage } from '../shapes.ts';
import { wantsUsage } from './chat-request.ts';
import { isObject } from './json.ts';
import { estimateTokens } from './tokens.ts';

/** What an answer is made of. `model` is the name that the answer carries. */
export interface Words {
  readonly requestId: string;
  readonly model: string;
  readonly content: string;
  readonly usage: Usage;
}

/** Text of one streamed delta, at most: about what a client gets from OpenAI in one piece. */
const DELTA_CHARS_MAX = 24;

const seconds = (): number => Math.floor(Date.now() / 1000);
const completionId = (requestId: string): string => `chatcmpl-${requestId}`;

/** OpenAI's `usage` object. */
export function usageObject(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

/** OpenAI's `usage` object, if it is one. */
export function readUsage(usage: Json | undefined): Usage | null {
  if (!isObject(usage)) return null;
  const { prompt_tokens, completion_tokens } = usage;
  if (typeof prompt_tokens !== 'number' || typeof completion_tokens !== 'number') return null;
  return { inputTokens: prompt_tokens, outputTokens: completion_tokens };
}

/** An answer in tiergate's own words, whole or as a stream, as it was asked for. No model counted its tokens. */
export function buildAnswer(content: string, inquiry: Inquiry, origin: AnswerOrigin): Answer {
  const { requestId, model, stream, body, promptTokens } = inquiry;
  const usage = { inputTokens: promptTokens, outputTokens: estimateTokens(content) };
  const words = { requestId, model, content, usage };
  return stream
    ? { ...origin, form: 'stream', chunks: buildChunks({ ...words, includeUsage: wantsUsage(body) }) }
    : { ...origin, form: 'whole', completion: buildCompletion(words) };
}

/** One whole chat completion. */
export function buildCompletion({ requestId, model, content, usage }: Words): JsonObject {
  return {
    id: completionId(requestId),
    object: 'chat.completion',
    created: seconds(),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage: usageObject(usage),
  };
}

/** The same answer as a stream: role first, text in deltas, `finish_reason`, and the usage chunk if asked for. */
export async function* buildChunks(
  words: Words & { readonly includeUsage: boolean },
): AsyncGenerator<JsonObject, void, undefined> {
  const frame = {
    id: completionId(words.requestId),
    object: 'chat.completion.chunk',
    created: seconds(),
    model: words.model,
  };
  const chunk = (delta: JsonObject, finish_reason: string | null): JsonObject => ({
    ...frame,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(words.includeUsage ? { usage: null } : {}),
  });
  yield chunk({ role: 'assistant', content: '', refusal: null }, null);
  for (const piece of deltas(words.content)) yield chunk({ content: piece }, null);
  yield chunk({}, 'stop');
  if (words.includeUsage) yield { ...frame, choices: [], usage: usageObject(words.usage) };
}

/** Cuts text after white space, so that no word and no surrogate pair is split where it can be helped. */
function* deltas(content: string): Generator<string> {
  let piece = '';
  for (const word of content.match(/\S*\s*/g) ?? []) {
    if (piece !== '' && piece.length + word.length > DELTA_CHARS_MAX) {
      yield piece;
      piece = '';
    }
    piece += word;
  }
  if (piece !== '') yield piece;
}
