/** Conversations with personal values in every place that a request has. */
import { pick, type Random, seeded } from '../../../eval/reading/random.ts';
import type { Json, JsonObject } from '../../../src/shapes.ts';
import { planted } from './values.ts';

/** Every place of a request that text can stand in. */
export const SURFACES = [
  'system',
  'earlier turn',
  'earlier answer',
  'last turn',
  'content parts',
  'speaker’s name',
  'tool call',
  'tool call, documents inside',
  'tool result',
  'tool result, prose',
  'tool description',
  'tool parameters',
  'response format',
  'metadata',
  'metadata key',
  'user',
  'prediction',
  'stop',
  'number',
  'field nobody knows',
] as const;
export type Surface = (typeof SURFACES)[number];

/** How the provider answers: what of the request it repeats, and where. */
export const ANSWERS = [
  'content',
  'JSON content',
  'fenced JSON',
  'tool call',
  'choices',
  'reasoning',
] as const;
export type AnswerKind = (typeof ANSWERS)[number];

/** What else a provider does: says what it was sent in an error, falls silent, cuts the connection before or within. */
export const FAILURES = ['quotes', 'hangs up', 'breaks off', 'silent'] as const;

export interface Trial {
  readonly seed: number;
  readonly failure?: (typeof FAILURES)[number] | undefined;
  readonly surfaces: readonly Surface[];
  readonly answer: AnswerKind;
  readonly isStream: boolean;
  /** Characters of a delta and bytes of a piece, at most; 1: cut at every one. */
  readonly cut: number;
}

export interface Conversation {
  readonly body: JsonObject;
  /** All values that are in it. */
  readonly values: readonly string[];
  /** The texts that the answer repeats, as the application wrote them. */
  readonly texts: readonly string[];
  /** The same texts in the body that the provider got. */
  readonly textsIn: (body: JsonObject) => string[];
}

const FRAMES = [
  'Please write to {} today.',
  'is {} right? I am not sure',
  '{}',
  'Noted: {}.',
  'one “{}”, two ({}), three\n{}',
  '| a | {} |\n|---|---|\n| b | c |',
  'Grüße, 你好 🙂 {} \\ "quoted"',
  '- first\n- {}\n\n```\n{}\n```',
  'He said [EMAIL_ADDRESS_7Q2M9XBK] and {}',
];

/** The same trial gives the same conversation. */
export function conversationOf({ seed, surfaces, answer, isStream }: Trial): Conversation {
  const random = seeded(`leak ${seed}`);
  const values: string[] = [];
  const value = (): string => {
    // Now and then one that was there already: it must get the placeholder that it has.
    const old = values.length > 0 && random() < 0.2 ? pick(values, random) : undefined;
    const drawn = old ?? planted(random);
    if (old === undefined) values.push(drawn);
    return drawn;
  };
  const sentence = (): string => pick(FRAMES, random).replaceAll('{}', () => value());
  const has = (surface: Surface): boolean => surfaces.includes(surface);
  const said = (surface: Surface): string => (has(surface) ? sentence() : 'Nothing here.');
  const messages = messagesOf(random, { has, said, sentence, value });
  const body: JsonObject = {
    model: 'tiergate-cloud',
    messages,
    seed,
    stream: isStream,
    ...(answer === 'choices' ? { n: 2 } : {}),
    ...fieldsOf({ has, said, sentence, value }),
  };
  const textsIn = ({ messages: list }: JsonObject): string[] =>
    ((Array.isArray(list) ? list : []) as JsonObject[]).flatMap(({ role, content }) =>
      role !== 'tool' && typeof content === 'string' ? [content] : [],
    );
  return { body, values, texts: textsIn(body), textsIn };
}

interface Writer {
  readonly has: (surface: Surface) => boolean;
  readonly said: (surface: Surface) => string;
  readonly sentence: () => string;
  readonly value: () => string;
}

function messagesOf(random: Random, { has, said, sentence, value }: Writer): Json[] {
  const inside = (surface: Surface): Json =>
    has(surface) ? { to: value(), deep: JSON.stringify({ a: [sentence()] }) } : {};
  const call = (id: string, surface: Surface): Json => ({
    id,
    type: 'function',
    function: {
      name: 'look',
      arguments: JSON.stringify(
        surface === 'tool call' && has(surface) ? { to: value(), note: sentence() } : inside(surface),
      ),
    },
  });
  return [
    { role: 'system', content: said('system') },
    { role: 'user', content: said('earlier turn'), ...(has('speaker’s name') ? { name: value() } : {}) },
    { role: 'assistant', content: said('earlier answer') },
    {
      role: 'user',
      content: [
        { type: 'text', text: said('content parts') },
        { type: 'text', text: 'and this' },
      ],
    },
    {
      role: 'assistant',
      content: null,
      tool_calls: [call('c1', 'tool call'), call('c2', 'tool call, documents inside')],
    },
    {
      role: 'tool',
      tool_call_id: 'c1',
      content: has('tool result')
        ? JSON.stringify({ found: [value(), { note: sentence() }], n: random() < 0.5 ? 1 : null })
        : '{}',
    },
    { role: 'tool', tool_call_id: 'c2', content: said('tool result, prose') },
    { role: 'user', content: said('last turn') },
  ];
}

const CARD_NUMBER = 5_555_555_555_554_444;

function fieldsOf({ has, said, sentence, value }: Writer): JsonObject {
  const parameters = has('tool parameters')
    ? {
        type: 'object',
        properties: {
          who: { type: 'string', description: sentence(), enum: [value(), 'nobody'], default: value() },
        },
      }
    : { type: 'object', properties: {} };
  return {
    tools: [
      { type: 'function', function: { name: 'look', description: said('tool description'), parameters } },
    ],
    ...(has('response format')
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: {
              name: 'out',
              schema: {
                type: 'object',
                description: sentence(),
                properties: { [value()]: { const: value() } },
              },
            },
          },
        }
      : {}),
    metadata: {
      ...(has('metadata') ? { note: sentence() } : {}),
      ...(has('metadata key') ? { [value()]: 'x' } : {}),
      ...(has('number') ? { paid_with: CARD_NUMBER } : {}),
    },
    ...(has('user') ? { user: value() } : {}),
    ...(has('prediction') ? { prediction: { type: 'content', content: sentence() } } : {}),
    ...(has('stop') ? { stop: [value()] } : {}),
    ...(has('field nobody knows')
      ? {
          from_2031: {
            list: [[{ deep: sentence() }]],
            url: `https://files.brightlane.io/x?mail=${encodeURIComponent(value())}`,
          },
        }
      : {}),
  };
}

export const NUMBER_PLANTED = String(CARD_NUMBER);
