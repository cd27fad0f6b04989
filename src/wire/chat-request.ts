/**
 * The door for OpenAI's chat request: checks the fields tiergate reads, and leaves all others alone. What a provider
 * would refuse (a temperature of 9) is the provider's to refuse.
 */
import { createHash } from 'node:crypto';
import { TiergateError } from '../errors.ts';
import type { Feature, Inquiry, Json, JsonObject } from '../shapes.ts';
import { isObject } from './json.ts';
import { estimateTokens } from './tokens.ts';

const MODEL_CHARS_MAX = 256;
const MESSAGES_MAX = 10_000;

/** What is known of a request before its body is read. */
export type Head = Pick<Inquiry, 'requestId' | 'idempotencyKey'> & {
  /** The application's own name for the conversation, if it gives one. */
  readonly conversation?: string | undefined;
};

/** Reads a parsed body into an Inquiry. @throws TiergateError in_body_invalid, with the field in `param`. */
export function readChatRequest(body: Json, { requestId, conversation, idempotencyKey }: Head): Inquiry {
  if (!isObject(body)) throw invalid('body', 'must be a JSON object');
  const { model, messages, stream } = body;
  if (typeof model !== 'string' || model === '' || model.length > MODEL_CHARS_MAX) {
    throw invalid('model', 'must be a string of 1 to 256 characters');
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw invalid('stream', 'must be true or false');
  }
  if (body.stream_options !== undefined && body.stream_options !== null && !isObject(body.stream_options)) {
    throw invalid('stream_options', 'must be an object');
  }
  const checked = checkMessages(messages);
  return {
    requestId,
    model,
    stream: stream === true,
    body,
    text: lastUserText(checked),
    features: featuresOf(body, checked),
    promptTokens: countTokens(body, checked),
    conversation: conversation ?? conversationOf(checked),
    idempotencyKey,
  };
}

/** Whether the application asked for a usage chunk at the end of its stream. */
export function wantsUsage(body: JsonObject): boolean {
  return isObject(body.stream_options) && body.stream_options.include_usage === true;
}

function invalid(param: string, what: string): TiergateError {
  return new TiergateError('in_body_invalid', { param, message: `\`${param}\` ${what}.` });
}

function checkMessages(messages: Json | undefined): readonly JsonObject[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw invalid('messages', 'must be a non-empty array');
  if (messages.length > MESSAGES_MAX) throw invalid('messages', `must have at most ${MESSAGES_MAX} entries`);
  return messages.map((message: Json, i) => {
    const at = `messages[${i}]`;
    if (!isObject(message)) throw invalid(at, 'must be an object');
    if (typeof message.role !== 'string') throw invalid(`${at}.role`, 'must be a string');
    const { content } = message;
    if (content === undefined || content === null || typeof content === 'string') return message;
    if (!Array.isArray(content)) throw invalid(`${at}.content`, 'must be a string or an array of parts');
    content.forEach((part: Json, j) => {
      if (!isObject(part) || typeof part.type !== 'string') {
        throw invalid(`${at}.content[${j}]`, 'must be an object with a `type`');
      }
      if (part.type === 'text' && typeof part.text !== 'string') {
        throw invalid(`${at}.content[${j}].text`, 'must be a string');
      }
    });
    return message;
  });
}

const partsOf = ({ content }: JsonObject): readonly JsonObject[] =>
  Array.isArray(content) ? (content as readonly JsonObject[]) : [];

/** All the text of one message. */
export function textOf(message: JsonObject): string {
  if (typeof message.content === 'string') return message.content;
  return partsOf(message)
    .flatMap((part) => (part.type === 'text' && typeof part.text === 'string' ? [part.text] : []))
    .join('\n');
}

/** Pictures, recordings and files are left out: what they cost is not told by their bytes. */
function countTokens(body: JsonObject, messages: readonly JsonObject[]): number {
  const calls = messages.flatMap(({ tool_calls, function_call }) => [tool_calls, function_call]);
  const json = [body.tools, body.functions, ...calls].map((value) => (value ? JSON.stringify(value) : ''));
  return [...messages.map(textOf), ...json].reduce((sum, text) => sum + estimateTokens(text), 0);
}

function lastUserText(messages: readonly JsonObject[]): string {
  const last = messages.findLast((message) => message.role === 'user');
  return last === undefined ? '' : textOf(last).trim();
}

const PART_FEATURES: Readonly<Record<string, Feature>> = {
  image_url: 'images',
  input_image: 'images',
  input_audio: 'audio',
  file: 'files',
  input_file: 'files',
};

function featuresOf(body: JsonObject, messages: readonly JsonObject[]): readonly Feature[] {
  const found = new Set<Feature>();
  const isNonEmptyArray = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;
  if (isNonEmptyArray(body.tools) || isNonEmptyArray(body.functions)) found.add('tools');
  if (isObject(body.response_format) && body.response_format.type !== 'text') found.add('structured_output');
  if (typeof body.n === 'number' && body.n > 1) found.add('several_choices');
  if (body.logprobs === true) found.add('logprobs');
  if (Array.isArray(body.modalities) && body.modalities.includes('audio')) found.add('audio');
  for (const message of messages) {
    if (message.role === 'tool' || isNonEmptyArray(message.tool_calls)) found.add('tools');
    for (const part of partsOf(message)) {
      const feature = PART_FEATURES[String(part.type)];
      if (feature !== undefined) found.add(feature);
    }
  }
  return [...found].sort();
}

/**
 * A chat application sends the whole conversation anew with each turn, so its beginning, up to the first user message,
 * names it. Two conversations that begin word for word alike share a name, and with it the placeholders of the values
 * that they share; the header `x-tiergate-conversation` tells them apart.
 */
function conversationOf(messages: readonly JsonObject[]): string {
  const first = messages.findIndex((message) => message.role === 'user');
  const beginning = messages.slice(0, first + 1);
  return createHash('sha256').update(JSON.stringify(beginning)).digest('base64url');
}
