/** The chunks of a streamed answer, changed one after the other; what a text holds back is kept by choice and field. */
import type { Json, JsonObject } from '../../shapes.ts';
import type { InPieces } from '../../turns.ts';
import { isObject } from '../../wire/json.ts';
import { changedJson, movedAnnotations, pushed } from './changing-whole.ts';
import type { GrowingText, StartText } from './growing-text.ts';

/** Members of a delta, however deep in it, whose text grows from chunk to chunk. Any other text comes whole. */
const GROWING = new Set([
  ...['content', 'reasoning_content', 'reasoning', 'refusal', 'text', 'thinking', 'summary'],
  ...['transcript', 'arguments', 'input'],
]);
/** Choices, and tool calls of a choice, that one stream may have. A stream with more is broken. */
const TEXTS_MAX = 4096;

/** A text of one choice that is under way, and how to write a delta that carries more of it. */
interface Growing {
  readonly choice: number;
  readonly text: GrowingText;
  /** Tool calls may take turns, so their texts wait for the end of the choice; any other text ends when another begins. */
  readonly takesTurns: boolean;
  readonly delta: (more: string) => JsonObject;
}

/** One choice of one chunk: the texts that it carries more of, and whether it is the choice's last. */
interface Turn {
  readonly choice: number;
  readonly touched: Set<Growing>;
  readonly isLast: boolean;
}

export class ChangingChunks {
  readonly #start: StartText;
  readonly #growing = new Map<string, Growing>();
  /** The latest chunk without its choices and usage: what a chunk made here has in common with those around it. */
  #frame: JsonObject = {};

  constructor(start: StartText) {
    this.#start = start;
  }

  /**
   * The chunks to pass on for one that came in: usually itself, changed; none while all of its text is held back. In
   * pieces of work, as a provider may send a book in one.
   */
  *next(chunk: JsonObject): InPieces<JsonObject[]> {
    const { choices, usage, ...frame } = chunk;
    this.#frame = frame;
    if (!Array.isArray(choices) || choices.length === 0) return [chunk];
    const before: JsonObject[] = [];
    const changed: (Json | undefined)[] = [];
    for (const choice of choices as readonly Json[]) changed.push(yield* this.#choice(choice, before));
    const isBare = (usage ?? null) === null && changed.every((choice) => choice === undefined);
    if (isBare) return before;
    const isSame = changed.every((choice, i) => choice === choices[i]);
    if (isSame) return [...before, chunk];
    const kept = changed.map((choice, i) => choice ?? { ...(choices[i] as JsonObject), delta: {} });
    return [...before, { ...chunk, choices: kept }];
  }

  /** What is still held back when the stream is over. */
  end(): JsonObject[] {
    return [...this.#growing.values()].flatMap((growing) => this.#flushed(growing));
  }

  /** A choice of a chunk, changed; undefined if all it carried is held back. Puts into `before` what must go first. */
  *#choice(choice: Json, before: JsonObject[]): InPieces<Json | undefined> {
    if (!isObject(choice) || !isObject(choice.delta)) return choice;
    const index = typeof choice.index === 'number' ? choice.index : 0;
    const isLast = (choice.finish_reason ?? null) !== null;
    const touched = new Set<Growing>();
    const turn = { choice: index, touched, isLast };
    const delta = yield* this.#changed(choice.delta, ROOT, turn);
    for (const growing of this.#growing.values()) {
      if (growing.choice !== index || growing.text.held === 0 || touched.has(growing)) continue;
      if (isLast || (!growing.takesTurns && touched.size > 0)) before.push(...this.#flushed(growing));
    }
    if (delta === choice.delta) return choice;
    const isEmptied = !isLast && (choice.logprobs ?? null) === null && isBareDelta(delta, choice.delta);
    return isEmptied ? undefined : { ...choice, delta };
  }

  /** A part of a delta, changed; the same object if nothing in it changed. */
  *#changed(value: Json, way: Way, turn: Turn): InPieces<Json> {
    if (typeof value === 'string') {
      if (!GROWING.has(way.key)) return yield* changedJson(value, this.#start, way.key);
      return yield* push(this.#text(way, turn.choice), value, turn);
    }
    if (Array.isArray(value)) {
      const members: Json[] = [];
      for (const [i, member] of (value as readonly Json[]).entries()) {
        members.push(yield* this.#changed(member, wayToMember(way, member, i), turn));
      }
      return members.every((member, i) => member === value[i]) ? value : members;
    }
    if (!isObject(value)) return value;
    const entries: (readonly [string, Json])[] = [];
    for (const [key, member] of Object.entries(value)) {
      const changed = yield* this.#changed(member, wayToKey(way, key), turn);
      // Annotations come when the text they point into has.
      const content =
        key === 'annotations' && this.#growing.get(nameOf(turn.choice, wayToKey(way, 'content')));
      entries.push([key, content ? movedAnnotations(changed, content.text) : changed]);
    }
    return entries.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(entries);
  }

  #text(way: Way, choice: number): Growing {
    const name = nameOf(choice, way);
    let growing = this.#growing.get(name);
    if (growing === undefined) {
      if (this.#growing.size === TEXTS_MAX) throw new Error('more texts than a stream may have');
      // A tool call's `arguments` are JSON text.
      const text = this.#start(way.key === 'arguments' ? 'json' : 'unknown');
      growing = { choice, text, takesTurns: way.isInList, delta: way.delta };
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

function* push(growing: Growing, piece: string, { touched, isLast }: Turn): InPieces<string> {
  if (piece !== '') touched.add(growing);
  const more = yield* pushed(growing.text, piece);
  return isLast && touched.has(growing) ? more + growing.text.end() : more;
}

/** The way from a delta to a text in it, and a delta that has nothing but more of that text. */
interface Way {
  readonly name: string;
  readonly key: string;
  readonly isInList: boolean;
  readonly delta: (more: Json) => JsonObject;
}
const ROOT: Way = { name: '', key: '', isInList: false, delta: (more) => (isObject(more) ? more : {}) };

const nameOf = (choice: number, way: Way): string => `${choice}${way.name}`;

const wayToKey = (way: Way, key: string): Way => ({
  name: `${way.name}/${key}`,
  key,
  isInList: way.isInList,
  delta: (more) => way.delta({ [key]: more }),
});

/** A member of a list is told by its `index`, or else by its place; what it is made of is said again. */
function wayToMember(way: Way, member: Json, place: number): Way {
  const { index, type } = isObject(member) ? member : {};
  const own = {
    ...(index === undefined ? {} : { index }),
    ...(type === undefined || way.key === 'tool_calls' ? {} : { type }),
  };
  return {
    name: `${way.name}/${JSON.stringify(index ?? place)}`,
    key: way.key,
    isInList: true,
    delta: (more) => way.delta([isObject(more) ? { ...own, ...more } : more]),
  };
}

/** Whether `delta` says nothing: it differs from what came in only by texts that are held back wholly. */
function isBareDelta(delta: Json | undefined, came: Json | undefined): boolean {
  if (delta === '' && typeof came === 'string' && came !== '') return true;
  if (Array.isArray(delta) && Array.isArray(came)) {
    return delta.every((member: Json, i) => isBareDelta(member, came[i]));
  }
  if (!isObject(delta) || !isObject(came)) return false;
  return Object.keys(delta).every((key) => key === 'index' || isBareDelta(delta[key], came[key]));
}
