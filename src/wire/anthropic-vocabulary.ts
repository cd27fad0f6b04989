/**
 * Words and counts that Anthropic's whole answers and its streams share.
 */
import type { Json, Usage } from '../shapes.ts';
import { isObject } from './json.ts';

const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
};

export const finishReason = (reason: Json | undefined): string => FINISH_REASONS[String(reason)] ?? 'stop';

/** Anthropic counts cached input apart; OpenAI counts it in. */
export function readUsage(usage: Json | undefined): Usage {
  const count = (key: string): number => {
    const value = isObject(usage) ? usage[key] : undefined;
    return typeof value === 'number' ? value : 0;
  };
  const cached = count('cache_creation_input_tokens') + count('cache_read_input_tokens');
  return { inputTokens: count('input_tokens') + cached, outputTokens: count('output_tokens') };
}
