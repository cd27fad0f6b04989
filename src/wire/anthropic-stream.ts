/**
 * Anthropic's stream of events (API reference, "Streaming messages") as OpenAI's chunks. Each event goes out as soon
 * as it comes in: nothing is collected but ids and counts.
 */
import type { EventSourceMessage } from 'eventsource-parser';
import type { Json, JsonObject } from '../shapes.ts';
import { finishReason, readUsage } from './anthropic-vocabulary.ts';
import { usageObject } from './completion.ts';
import { type Decoded, WireError } from './format.ts';
import { isObject } from './json.ts';
import { parseChunk } from './openai.ts';

export function anthropicStream(): (event: EventSourceMessage) => Decoded {
  const frame = {
    id: '' as Json,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: '' as Json,
  };
  let inputTokens = 0;
  /** Content block index → index among the tool calls. */
  const toolIndex = new Map<Json, number>();

  const chunk = (delta: JsonObject, finish_reason: string | null = null): Decoded => ({
    chunks: [{ ...frame, choices: [{ index: 0, delta, logprobs: null, finish_reason }] }],
    done: false,
  });
  const nothing: Decoded = { chunks: [], done: false };

  const blockStart = (event: JsonObject): Decoded => {
    const block = isObject(event.content_block) ? event.content_block : {};
    if (block.type !== 'tool_use') return nothing;
    const index = toolIndex.size;
    toolIndex.set(event.index ?? 0, index);
    const call = {
      index,
      id: block.id ?? '',
      type: 'function',
      function: { name: block.name ?? '', arguments: '' },
    };
    return chunk({ tool_calls: [call] });
  };

  const blockDelta = (event: JsonObject): Decoded => {
    const delta = isObject(event.delta) ? event.delta : {};
    if (delta.type === 'text_delta') return chunk({ content: delta.text ?? '' });
    if (delta.type === 'thinking_delta') return chunk({ reasoning_content: delta.thinking ?? '' });
    if (delta.type !== 'input_json_delta') return nothing;
    const index = toolIndex.get(event.index ?? 0) ?? 0;
    return chunk({ tool_calls: [{ index, function: { arguments: delta.partial_json ?? '' } }] });
  };

  const end = (event: JsonObject): Decoded => {
    const usage = readUsage(event.usage);
    const delta = isObject(event.delta) ? event.delta : {};
    const last = chunk({}, finishReason(delta.stop_reason)).chunks;
    const total = { inputTokens: usage.inputTokens || inputTokens, outputTokens: usage.outputTokens };
    return { chunks: [...last, { ...frame, choices: [], usage: usageObject(total) }], done: false };
  };

  return ({ data }) => {
    const event = parseChunk(data);
    if (!isObject(event)) throw new WireError('an event that is no object');
    switch (event.type) {
      case 'message_start': {
        const message = isObject(event.message) ? event.message : {};
        frame.id = message.id ?? '';
        frame.model = message.model ?? '';
        inputTokens = readUsage(message.usage).inputTokens;
        return chunk({ role: 'assistant', content: '', refusal: null });
      }
      case 'content_block_start':
        return blockStart(event);
      case 'content_block_delta':
        return blockDelta(event);
      case 'message_delta':
        return end(event);
      case 'message_stop':
        return { chunks: [], done: true };
      case 'error':
        throw new WireError('an error inside the stream');
      default:
        return nothing;
    }
  };
}
