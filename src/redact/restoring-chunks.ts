/** The chunks of a streamed answer, restored one after the other; what a chunk holds back is kept by choice and field. */
import type { Json, JsonObject } from '../shapes.ts';
import { isObject } from '../wire/json.ts';
import { RestoringText, restoredText } from './restoring-text.ts';
import type { Vault } from './vault.ts';

/** Fields of a delta whose text grows from chunk to chunk. */
const GROWING = ['content', 'reasoning_content', 'reasoning', 'refusal'];
/** Choices, and tool calls of a choice, that one stream may have. A stream with more is broken. */
const TEXTS_MAX = 4096;

/** A text of one choice that is under way, and how to write a delta that carries more of it. */
interface Growing {
  readonly choice: number;
  readonly text: RestoringText;
  /** Tool calls may take turns, so their texts wait for the end of the choice; any other text ends when another begins. */
  readonly isTool: boolean;
  readonly delta: (more: string) => JsonObject;
}

/** One choice of one chunk: the texts that it carries more of, and whether it is the choice's last. */
interface Turn {
  readonly touched: Set<Growing>;
  readonly isLast: boolean;
}

export class ChunkRestorer {
  readonly #vault: Vault;
  readonly #growing = new Map<string, Growing>();
  /** The latest chunk without its choices and usage: what a chunk made here has in common with those around it. */
  #frame: JsonObject = {};

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** The chunks to pass on for one that came in: usually itself, restored; none while all of its text is held back. */
  restore(chunk: JsonObject): JsonObject[] {
    const { choices, usage, ...frame } = chunk;
    this.#frame = frame;
    if (!Array.isArray(choices) || choices.length === 0) return [chunk];
    const before: JsonObject[] = [];
    const restored = (choices as readonly Json[]).map((choice) => this.#choice(choice, before));
    const isBare = (usage ?? null) === null && restored.every((choice) => choice === undefined);
    if (isBare) return before;
    const isSame = restored.every((choice, i) => choice === choices[i]);
    if (isSame) return [...before, chunk];
    const kept = restored.map((choice, i) => choice ?? { ...(choices[i] as JsonObject), delta: {} });
    return [...before, { ...chunk, choices: kept }];
  }

  /** What is still held back when the stream is over. */
  end(): JsonObject[] {
    return [...this.#growing.values()].flatMap((growing) => this.#flushed(growing));
  }

  /** A choice of a chunk, restored; undefined if all it carried is held back. Puts into `before` what must go first. */
  #choice(choice: Json, before: JsonObject[]): Json | undefined {
    if (!isObject(choice) || !isObject(choice.delta)) return choice;
    const index = typeof choice.index === 'number' ? choice.index : 0;
    const isLast = (choice.finish_reason ?? null) !== null;
    const touched = new Set<Growing>();
    const delta = this.#delta(index, choice.delta, { touched, isLast });
    for (const growing of this.#growing.values()) {
      if (growing.choice !== index || growing.text.held === 0 || touched.has(growing)) continue;
      if (isLast || (!growing.isTool && touched.size > 0)) before.push(...this.#flushed(growing));
    }
    if (delta === choice.delta) return choice;
    const isEmptied = !isLast && (choice.logprobs ?? null) === null && isBareDelta(delta, choice.delta);
    return isEmptied ? undefined : { ...choice, delta };
  }

  /** A delta, restored; the same object if nothing in it changed. */
  #delta(choice: number, delta: JsonObject, turn: Turn): JsonObject {
    const entries = Object.entries(delta).map(([key, value]): readonly [string, Json] => {
      if (GROWING.includes(key) && typeof value === 'string') {
        const growing = this.#text(choice, key, 'guess', (more) => ({ [key]: more }));
        return [key, push(growing, value, turn)];
      }
      if (key === 'tool_calls' && Array.isArray(value)) {
        return [
          key,
          sameOr(
            value,
            value.map((call: Json) => this.#toolCall(choice, call, turn)),
          ),
        ];
      }
      if (key === 'function_call' && isObject(value) && typeof value.arguments === 'string') {
        const growing = this.#text(choice, key, 'json', (more) => ({ function_call: { arguments: more } }));
        const more = push(growing, value.arguments, turn);
        return [key, more === value.arguments ? value : { ...value, arguments: more }];
      }
      if (key === 'audio' && isObject(value) && typeof value.transcript === 'string') {
        const growing = this.#text(choice, key, 'guess', (more) => ({ audio: { transcript: more } }));
        const more = push(growing, value.transcript, turn);
        return [key, more === value.transcript ? value : { ...value, transcript: more }];
      }
      return [key, this.#whole(value)];
    });
    return entries.every(([key, value]) => value === delta[key]) ? delta : Object.fromEntries(entries);
  }

  #toolCall(choice: number, call: Json, turn: Turn): Json {
    if (!isObject(call)) return call;
    const index = typeof call.index === 'number' ? call.index : 0;
    // `function.arguments` is JSON text, `custom.input` whatever the tool's grammar says.
    for (const [part, field, notation] of [
      ['function', 'arguments', 'json'],
      ['custom', 'input', 'guess'],
    ] as const) {
      const inner = call[part];
      if (!isObject(inner) || typeof inner[field] !== 'string') continue;
      const growing = this.#text(choice, `${part} ${index}`, notation, (more) => ({
        tool_calls: [{ index, [part]: { [field]: more } }],
      }));
      const more = push(growing, inner[field], turn);
      return more === inner[field] ? call : { ...call, [part]: { ...inner, [field]: more } };
    }
    return call;
  }

  /** Anything else in a delta comes whole, if it comes at all. */
  #whole(value: Json): Json {
    if (typeof value === 'string') return restoredText(value, this.#vault, 'guess');
    if (Array.isArray(value))
      return sameOr(
        value,
        value.map((member: Json) => this.#whole(member)),
      );
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, member]) => [key, this.#whole(member)] as const);
    return entries.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(entries);
  }

  #text(choice: number, field: string, notation: 'json' | 'guess', delta: Growing['delta']): Growing {
    const name = `${choice} ${field}`;
    let growing = this.#growing.get(name);
    if (growing === undefined) {
      if (this.#growing.size === TEXTS_MAX) throw new Error('more texts than a stream may have');
      const isTool = !GROWING.includes(field);
      growing = { choice, text: new RestoringText(this.#vault, notation), isTool, delta };
      this.#growing.set(name, growing);
    }
    return growing;
  }

  #flushed({ choice, text, delta }: Growing): JsonObject[] {
    const more = text.end();
    if (more === '') return [];
    return [{ ...this.#frame, choices: [{ index: choice, delta: delta(more), finish_reason: null }] }];
  }
}

function push(growing: Growing, piece: string, { touched, isLast }: Turn): string {
  if (piece !== '') touched.add(growing);
  const more = growing.text.push(piece);
  return isLast && touched.has(growing) ? more + growing.text.end() : more;
}

const sameOr = (before: readonly Json[], after: readonly Json[]): readonly Json[] =>
  after.every((member, i) => member === before[i]) ? before : after;

/** Whether `delta` says nothing: it differs from what came in only by texts that are held back wholly. */
function isBareDelta(delta: Json | undefined, came: Json | undefined): boolean {
  if (delta === '' && typeof came === 'string' && came !== '') return true;
  if (Array.isArray(delta) && Array.isArray(came)) {
    return delta.every((member: Json, i) => isBareDelta(member, came[i]));
  }
  if (!isObject(delta) || !isObject(came)) return false;
  return Object.keys(delta).every((key) => key === 'index' || isBareDelta(delta[key], came[key]));
}
