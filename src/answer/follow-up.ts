import type { JsonObject } from '../shapes.ts';
import { textOf } from '../wire/chat-request.ts';

/** Enough of the earlier message to say what the talk is about. */
const EARLIER_CHARS_MAX = 1000;

/** The user's message before the last one, or null if the last is the first: there is nothing it could lean on. */
export function followUpOf(body: JsonObject): string | null {
  const messages = Array.isArray(body.messages) ? (body.messages as readonly JsonObject[]) : [];
  const earlier = messages.filter(({ role }) => role === 'user').at(-2);
  return earlier === undefined ? null : textOf(earlier).slice(0, EARLIER_CHARS_MAX);
}
