/**
 * Anthropic's Messages format (API reference, version 2023-06-01), translated from and to OpenAI's chat.
 * What Anthropic has no counterpart for and changes what is asked (several choices, log probabilities, audio) is
 * refused rather than dropped; mere preferences (seed, penalties) are dropped.
 */
import { TiergateError } from '../errors.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { anthropicStream } from './anthropic-stream.ts';
import { finishReason, readUsage } from './anthropic-vocabulary.ts';
import { usageObject } from './completion.ts';
import { type Format, WireError } from './format.ts';
import { isObject, parseJson } from './json.ts';

const API_VERSION = '2023-06-01';
/** Anthropic demands a limit; OpenAI does not. */
const OUTPUT_TOKENS_DEFAULT = 4096;

export const anthropic: Format = {
  headers: (apiKey) => ({
    'anthropic-version': API_VERSION,
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
  }),
  encode: (body, model) => ({ path: '/messages', body: encodeBody(body, model) }),
  decode: decodeMessage,
  decodeStream: anthropicStream,
};

function refuse(param: string): never {
  throw new TiergateError('escalate_rejected', {
    param,
    message: `The cloud model that the policy chose has no counterpart for \`${param}\`.`,
  });
}

function encodeBody(body: JsonObject, model: string): JsonObject {
  if (typeof body.n === 'number' && body.n > 1) refuse('n');
  if (body.logprobs === true) refuse('logprobs');
  if (isObject(body.response_format) && body.response_format.type !== 'text') refuse('response_format');
  const messages = objects(body.messages);
  const system = messages.filter(isSystem).flatMap((message) => textBlocks(message.content));
  const stop = typeof body.stop === 'string' ? [body.stop] : body.stop;
  const tools = objects(body.tools).map(encodeTool);
  const fields: Record<string, Json | undefined> = {
    model,
    max_tokens: body.max_completion_tokens ?? body.max_tokens ?? OUTPUT_TOKENS_DEFAULT,
    system: system.length > 0 ? system : undefined,
    messages: mergeTurns(messages.filter((message) => !isSystem(message)).map(encodeMessage)),
    stream: body.stream === true ? true : undefined,
    temperature: typeof body.temperature === 'number' ? Math.min(body.temperature, 1) : undefined,
    top_p: body.top_p ?? undefined,
    stop_sequences: stop ?? undefined,
    tools: tools.length > 0 ? tools : undefined,
    tool_choice: tools.length > 0 ? encodeToolChoice(body) : undefined,
    metadata: typeof body.user === 'string' ? { user_id: body.user } : undefined,
  };
  return Object.fromEntries(Object.entries(fields).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])));
}

const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item: Json) => isObject(item)) : [];
const isSystem = ({ role }: JsonObject): boolean => role === 'system' || role === 'developer';

function encodeTool(tool: JsonObject): JsonObject {
  const definition = isObject(tool.function) ? tool.function : {};
  return {
    name: definition.name ?? '',
    ...(definition.description === undefined ? {} : { description: definition.description }),
    input_schema: definition.parameters ?? { type: 'object', properties: {} },
  };
}

function encodeToolChoice({ tool_choice, parallel_tool_calls }: JsonObject): JsonObject | undefined {
  const single = parallel_tool_calls === false ? { disable_parallel_tool_use: true } : {};
  if (tool_choice === 'none') return { type: 'none' };
  if (tool_choice === 'required') return { type: 'any', ...single };
  if (isObject(tool_choice) && isObject(tool_choice.function)) {
    return { type: 'tool', name: tool_choice.function.name ?? '', ...single };
  }
  return parallel_tool_calls === false ? { type: 'auto', ...single } : undefined;
}

function encodeMessage(message: JsonObject): { role: 'user' | 'assistant'; content: JsonObject[] } {
  if (message.role === 'tool') {
    const result = {
      type: 'tool_result',
      tool_use_id: message.tool_call_id ?? '',
      content: textBlocks(message.content),
    };
    return { role: 'user', content: [result] };
  }
  if (message.role !== 'assistant') return { role: 'user', content: contentBlocks(message.content) };
  const calls = objects(message.tool_calls).map((call) => {
    const { name, arguments: input } = isObject(call.function) ? call.function : {};
    return { type: 'tool_use', id: call.id ?? '', name: name ?? '', input: parseArguments(input) };
  });
  return { role: 'assistant', content: [...contentBlocks(message.content), ...calls] };
}

function parseArguments(input: Json | undefined): Json {
  try {
    const parsed = parseJson(typeof input === 'string' && input !== '' ? input : '{}');
    return isObject(parsed) ? parsed : {};
  } catch {
    return refuse('messages[].tool_calls[].function.arguments');
  }
}

/** Anthropic wants roles to alternate: neighbouring messages of one role (several tool results) become one. */
function mergeTurns(turns: readonly { role: string; content: JsonObject[] }[]): readonly JsonObject[] {
  const merged: { role: string; content: JsonObject[] }[] = [];
  for (const turn of turns) {
    const last = merged.at(-1);
    if (last?.role === turn.role) last.content.push(...turn.content);
    else if (turn.content.length > 0) merged.push({ role: turn.role, content: [...turn.content] });
  }
  return merged;
}

const textBlocks = (content: Json | undefined): JsonObject[] =>
  contentBlocks(content).filter((block) => block.type === 'text');

function contentBlocks(content: Json | undefined): JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objects(content).map((part) => {
    if (part.type === 'text') return { type: 'text', text: part.text ?? '' };
    if (part.type === 'image_url') return encodeImage(part);
    return refuse('messages[].content');
  });
}

function encodeImage({ image_url }: JsonObject): JsonObject {
  const url = isObject(image_url) ? String(image_url.url ?? '') : String(image_url ?? '');
  const inline = /^data:([\w/+.-]{1,64});base64,/.exec(url);
  const source: JsonObject =
    inline === null
      ? { type: 'url', url }
      : { type: 'base64', media_type: inline[1] ?? '', data: url.slice(inline[0].length) };
  return { type: 'image', source };
}

function decodeMessage(answer: JsonObject): JsonObject {
  if (answer.type !== 'message') throw new WireError('no message');
  const blocks = objects(answer.content);
  const join = (type: string, field: string): string =>
    blocks.flatMap((block) => (block.type === type ? [String(block[field] ?? '')] : [])).join('');
  const reasoning = join('thinking', 'thinking');
  const calls = blocks
    .filter((block) => block.type === 'tool_use')
    .map((block) => ({
      id: block.id ?? '',
      type: 'function',
      function: { name: block.name ?? '', arguments: JSON.stringify(block.input ?? {}) },
    }));
  const text = join('text', 'text');
  return {
    id: answer.id ?? '',
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: answer.model ?? '',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' && calls.length > 0 ? null : text,
          refusal: null,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReason(answer.stop_reason),
      },
    ],
    usage: usageObject(readUsage(answer.usage)),
  };
}
