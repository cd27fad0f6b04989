/** The body of POST /v1/redact: a text, some texts, or a whole chat request. */
import { TiergateError } from '../errors.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { type Head, readChatRequest } from './chat-request.ts';
import { isObject } from './json.ts';

const FORMS = ['text', 'texts', 'messages'] as const;

export interface RedactRequest {
  readonly form: (typeof FORMS)[number];
  /** What is searched, as one document: what is found in one of several texts is found in all. */
  readonly document: JsonObject;
  /** Keys the placeholders. */
  readonly conversation: string;
}

/** @throws TiergateError in_body_invalid, with the field in `param` */
export function readRedactRequest(body: Json, head: Head): RedactRequest {
  if (!isObject(body)) throw invalid('body', 'must be a JSON object');
  const [form, second] = FORMS.filter((name) => name in body);
  if (form === undefined) throw invalid('text', 'must be there, or `texts`, or `messages`');
  if (second !== undefined) throw invalid(second, `must not be there beside \`${form}\``);
  if (form === 'messages') {
    const { conversation } = readChatRequest({ model: 'tiergate-auto', ...body }, head);
    return { form, document: body, conversation };
  }
  // Without a name, placeholders are this request's own: those of two requests cannot be linked.
  const { conversation = head.requestId } = head;
  const value = body[form];
  if (form === 'text') {
    if (typeof value !== 'string') throw invalid('text', 'must be a string');
  } else {
    if (!Array.isArray(value)) throw invalid('texts', 'must be a list of strings');
    const wrong = value.findIndex((text: Json) => typeof text !== 'string');
    if (wrong !== -1) throw invalid(`texts[${wrong}]`, 'must be a string');
  }
  // One text or several, the field is called `text`: its name must tell the search nothing of what is in it.
  return { form, document: { text: value }, conversation };
}

function invalid(param: string, what: string): TiergateError {
  return new TiergateError('in_body_invalid', { param, message: `\`${param}\` ${what}.` });
}
