/**
 * OpenAI's own format, which Ollama, llama.cpp, vLLM and most other servers speak too: almost nothing to translate.
 */
import type { Json } from '../shapes.ts';
import { type Format, WireError } from './format.ts';
import { isObject, parseJson } from './json.ts';

export const openai: Format = {
  headers: (apiKey) => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),

  encode: (body, model) => ({
    path: '/chat/completions',
    // The application's own order of fields is kept; only the model's name is ours to say.
    body: { ...body, model },
  }),

  decode(answer) {
    if (!Array.isArray(answer.choices)) throw new WireError('no choices');
    return answer;
  },

  decodeStream() {
    let finished = false;
    return ({ data }) => {
      if (data.trim() === '[DONE]') return { chunks: [], done: true };
      const chunk = parseChunk(data);
      if (!isObject(chunk)) throw new WireError('a chunk that is no object');
      if (chunk.error !== undefined && chunk.error !== null)
        throw new WireError('an error inside the stream');
      finished ||= Array.isArray(chunk.choices) && chunk.choices.some(hasFinished);
      return { chunks: [chunk], done: finished };
    };
  },
};

const hasFinished = (choice: Json): boolean => isObject(choice) && typeof choice.finish_reason === 'string';

/** Parses one event's data. @throws WireError when it is not JSON. */
export function parseChunk(data: string): Json {
  try {
    return parseJson(data);
  } catch {
    throw new WireError('a chunk that is not JSON');
  }
}
