/**
 * Fields of a chat request whose values are words of the protocol, or names in programs: to replace one would ask for another
 * model, or call a tool that there is not. The model of names does not read them; what has a form is still found in them.
 */
import type { Step } from '../../shapes.ts';

/** `*` is any place in a list. */
const FIELDS: ReadonlySet<string> = new Set([
  'model',
  'modalities.*',
  'reasoning_effort',
  'service_tier',
  'verbosity',
  'audio.voice',
  'audio.format',
  'response_format.type',
  'response_format.json_schema.name',
  'tool_choice',
  'tool_choice.type',
  'tool_choice.function.name',
  'function_call',
  'function_call.name',
  'functions.*.name',
  'tools.*.type',
  'tools.*.function.name',
  'tools.*.custom.name',
  'messages.*.role',
  'messages.*.tool_call_id',
  'messages.*.function_call.name',
  'messages.*.tool_calls.*.id',
  'messages.*.tool_calls.*.type',
  'messages.*.tool_calls.*.function.name',
  'messages.*.tool_calls.*.custom.name',
  'messages.*.content.*.type',
  'messages.*.content.*.image_url.detail',
  'messages.*.content.*.input_audio.format',
]);
/** Words of JSON Schema, and the names of properties that it lists: keys are not read either. */
const SCHEMA =
  /^(?:tools\.\*\.function\.parameters|functions\.\*\.parameters|response_format\.json_schema\.schema)\.(?:.+\.)?(?:type|format|\$ref|required\.\*)$/;
const STEPS_MAX = 64;

export function isProtocol(path: readonly Step[]): boolean {
  if (path.length > STEPS_MAX || path.some((step) => typeof step === 'symbol')) return false;
  const field = path.map((step) => (typeof step === 'number' ? '*' : step)).join('.');
  return FIELDS.has(field) || SCHEMA.test(field);
}
