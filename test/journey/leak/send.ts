/** Sends a conversation through a gateway, and tells everything that is wrong: what leaked, what did not come back. */
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../../src/shapes.ts';
import { conversationOf, NUMBER_PLANTED, type Trial } from './conversation.ts';
import { messageOf, type RecordingProvider } from './provider.ts';
import { Leftovers } from './values.ts';

export interface Door {
  readonly url: string;
  readonly key: string;
  /** What the conversation is called; by default each has its own. */
  readonly conversation?: string;
}

export interface Sent {
  readonly status: number;
  /** What is wrong; empty: nothing. Holds no value. */
  readonly complaints: readonly string[];
  /** Whether anything left. */
  readonly hasLeft: boolean;
  /** Personal values that were in it. */
  readonly planted: number;
}

/**
 * @param isRestored whether an answer with every value back is expected; without it, or where the provider fails, only
 * leaks are looked for
 */
export async function send(
  trial: Trial,
  { url, key, conversation: name = `leak-${trial.seed}` }: Door,
  provider: RecordingProvider,
  isRestored = true,
): Promise<Sent> {
  const conversation = conversationOf(trial);
  provider.expect(trial, conversation);
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-tiergate-conversation': name,
    },
    body: JSON.stringify(conversation.body),
  });
  // A stream that breaks off is an error of the connection.
  const text = await response.text().catch(() => '');
  const sent = provider.take(trial.seed);
  const leftovers = new Leftovers(sent);
  const values = [...conversation.values, ...(trial.surfaces.includes('number') ? [NUMBER_PLANTED] : [])];
  const complaints = values.flatMap((value, at) =>
    leftovers.formsOf(value).map((form) => `value ${at} (${shapeOf(value)}) left, ${form}`),
  );
  const told = { status: response.status, complaints, hasLeft: sent !== '', planted: values.length };
  if (trial.failure !== undefined || !isRestored) return told;
  if (response.status !== 200) complaints.push(`status ${response.status} ${codeIn(text)}`);
  // What the policy gave to a person never left, and has another answer.
  else if (sent !== '') complaints.push(...differences(trial, conversation.texts, text));
  return told;
}

/** Enough to find the kind, not the value. */
const shapeOf = (value: string): string =>
  value
    .slice(0, 40)
    .replace(/\p{Ll}/gu, 'a')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\d/g, '9');

const codeIn = (text: string): string => /"code":"(\w+)"/.exec(text)?.[1] ?? '';

function differences({ answer: kind, isStream }: Trial, texts: readonly string[], text: string): string[] {
  const answers = isStream ? streamed(text) : whole(text);
  const expected = kind === 'choices' ? [texts, [...texts].reverse()] : [texts];
  if (answers.length !== expected.length) return [`${answers.length} choices instead of ${expected.length}`];
  return expected.flatMap((each, at) => {
    const message = messageOf(kind, each);
    const got = answers[at] ?? {};
    return Object.entries(message)
      .filter(([name, value]) => value !== null && !isSame(kind, value, got[name]))
      .map(([name]) => `choice ${at}: ${name} is not what was written`);
  });
}

/** JSON may be written in another way, as long as it says the same. */
function isSame(kind: Trial['answer'], expected: Json | undefined, got: Json | undefined): boolean {
  if (Array.isArray(expected)) return isDeepStrictEqual(readArguments(expected), readArguments(got));
  if (typeof expected !== 'string' || typeof got !== 'string') return false;
  return expected === got || (kind === 'JSON content' && isDeepStrictEqual(parsed(expected), parsed(got)));
}

const readArguments = (calls: Json | undefined): unknown =>
  Array.isArray(calls)
    ? calls.map((call) => parsed((call as { function: { arguments: string } }).function.arguments))
    : calls;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const whole = (text: string): JsonObject[] =>
  ((parsed(text) as { choices?: { message: JsonObject }[] } | undefined)?.choices ?? []).map(
    ({ message }) => message,
  );

interface Delta {
  readonly tool_calls?: readonly { readonly function: { readonly arguments: string } }[];
  readonly [name: string]: unknown;
}

/** The messages that a stream's deltas make up. */
function streamed(text: string): JsonObject[] {
  const messages: Record<string, Json>[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('data: {')) continue;
    const chunk = parsed(line.slice(6)) as { choices?: { index: number; delta: Delta }[] } | undefined;
    for (const { index, delta } of chunk?.choices ?? []) {
      messages[index] ??= {};
      const message = messages[index];
      for (const [name, value] of Object.entries(delta)) {
        if (name === 'role' || typeof value !== 'string') continue;
        message[name] = `${(message[name] as string | undefined) ?? ''}${value}`;
      }
      for (const call of delta.tool_calls ?? []) {
        const before =
          (message.tool_calls as { function: { arguments: string } }[] | undefined)?.[0]?.function
            .arguments ?? '';
        message.tool_calls = [{ function: { arguments: before + (call.function.arguments ?? '') } }];
      }
    }
  }
  return messages;
}
