/**
 * The same head, asked in other ways: short and long messages, with typing slips, in one case, by language. Heads learn
 * from all examples as they are.
 */
import { type Interval, wilson } from '../measures/spread.ts';
import { atMost, drawExamples } from '../reading/draws.ts';
import type { IntentSet, Message } from '../reading/intent-sets.ts';
import { withTypos } from '../texts/typos.ts';
import { learnIntents } from './learned-intents.ts';
import { embedTexts, type Run, tested } from './run.ts';

/** Words up to which a message is short, and from which it is long. */
const SHORT_WORDS_MAX = 4;
const LONG_WORDS_MIN = 12;

/** The words of a message in another form. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  'one typo': (text) => withTypos(text, 1, 'slice'),
  'two typos': (text) => withTypos(text, 2, 'slice'),
  'three typos': (text) => withTypos(text, 3, 'slice'),
  'lower case': (text) => text.toLowerCase(),
  'UPPER CASE': (text) => text.toUpperCase(),
  'no punctuation': (text) => text.replaceAll(/[\p{P}\p{S}]/gu, ''),
};

export interface SliceFigures {
  readonly set: string;
  readonly slice: string;
  readonly messages: number;
  readonly accuracy: number;
  readonly interval: Interval;
  /** The mean. */
  readonly confidence: number;
  /** Share of messages that get another intent than as they were written; null where they are as written. */
  readonly changed: number | null;
}

export async function measureSlices(run: Run, set: IntentSet): Promise<SliceFigures[]> {
  const messages = tested(run, set.test, `${set.name} test`);
  const examples = atMost(drawExamples(set, null, 0), run.sizes.trainMax, `${set.name} train`);
  const formed = Object.entries(FORMS).map(([name, form]) => ({
    name,
    messages: messages.map((message) => ({ ...message, text: form(message.text) })),
  }));
  const all = [examples, set.strangersTrain, messages, ...formed.map((each) => each.messages)].flat();
  const vectorOf = await embedTexts(
    run,
    `${set.name} in other forms`,
    all.map(({ text }) => text),
  );
  const judge = learnIntents(examples, set.strangersTrain, vectorOf);
  const written = messages.map(({ text }) => judge(text).intent);
  const figures = (slice: string, rows: readonly Message[], isForm = false): SliceFigures => {
    const answers = rows.map(({ text, intents }) => {
      const { intent, confidence } = judge(text);
      return { intent, confidence, right: intents.includes(intent) };
    });
    const right = answers.filter((answer) => answer.right).length;
    return {
      set: set.name,
      slice,
      messages: rows.length,
      accuracy: right / rows.length,
      interval: wilson(right, rows.length),
      confidence: answers.reduce((sum, { confidence }) => sum + confidence, 0) / rows.length,
      changed: isForm
        ? answers.filter(({ intent }, at) => intent !== written[at]).length / rows.length
        : null,
    };
  };
  const words = ({ text }: Message): number => text.trim().split(/\s+/).length;
  const languages = [...Map.groupBy(messages, ({ language }) => language ?? 'unknown')];
  return [
    figures('as written', messages),
    figures(
      `short, to ${SHORT_WORDS_MAX} words`,
      messages.filter((each) => words(each) <= SHORT_WORDS_MAX),
    ),
    figures(
      `long, from ${LONG_WORDS_MIN} words`,
      messages.filter((each) => words(each) >= LONG_WORDS_MIN),
    ),
    ...formed.map(({ name, messages: rows }) => figures(name, rows, true)),
    ...(languages.length < 2 ? [] : languages.map(([name, rows]) => figures(`language: ${name}`, rows))),
  ].filter((slice) => slice.messages > 0);
}
