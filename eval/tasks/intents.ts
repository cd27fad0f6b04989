/**
 * Intents: how often the right one, how well strangers are told apart, what can be answered safely, and whether
 * confidences keep their word. Heads learn from all examples, from ten and from five of each intent.
 *
 * Far strangers are messages that belong to no intent of the set. Near ones are made by holding a quarter of the intents
 * back: their messages are what a customer asks that nobody has written down yet.
 */
import { atMost, drawExamples, heldBack, type Shots } from '../reading/draws.ts';
import type { IntentSet, Message } from '../reading/intent-sets.ts';
import { type Answer, figuresOf, type IntentFigures, type Trial } from './intent-figures.ts';
import { INTENTS_MIN, type Judgement, learnIntents, type VectorOf } from './learned-intents.ts';
import { embedTexts, type Run, tested } from './run.ts';

/** Figures for all, ten and five examples of each intent, and for as many as the set's spec adds. */
export async function measureIntents(run: Run, set: IntentSet): Promise<IntentFigures[]> {
  const known = tested(run, set.test, `${set.name} test`);
  const strangers = tested(run, set.strangersTest, `${set.name} strangers`);
  const sizes = [...run.sizes.shots, ...(set.spec.shots ?? [])].sort(fromMost);
  const draws = sizes.flatMap((shots) =>
    Array.from({ length: shots === null ? 1 : run.sizes.draws }, (_, draw) => ({
      shots,
      draw,
      examples: atMost(drawExamples(set, shots, draw), run.sizes.trainMax, `${set.name} train`),
    })),
  );
  const few = draws.find(
    ({ examples }) => new Set(examples.flatMap(({ intents }) => intents)).size < INTENTS_MIN,
  );
  if (few !== undefined) throw new Error(`${set.name} has fewer than ${INTENTS_MIN} intents to learn.`);
  const messages = [
    ...draws.flatMap(({ examples }) => examples),
    ...set.strangersTrain,
    ...known,
    ...strangers,
  ];
  const vectorOf = await embedTexts(
    run,
    set.name,
    messages.map(({ text }) => text),
  );
  const show = run.progress(`learning ${set.name}`, draws.length);
  const trials = draws.map(({ shots, draw, examples }, at) => {
    const trial = (train: readonly Message[], aid: readonly Message[]) =>
      test(learnIntents(train, aid, vectorOf), train, known, strangers);
    const measured = {
      shots,
      far: trial(examples, set.strangersTrain),
      unaided: set.strangersTrain.length === 0 ? null : trial(examples, []),
      near: nearTrial(`${set.name} ${draw}`, examples, set.strangersTrain, { known, strangers }, vectorOf),
    };
    show(at + 1);
    return measured;
  });
  return sizes.map((shots) => {
    const same = trials.filter((trial) => trial.shots === shots);
    return figuresOf(set.name, shots, same, known.length, run.sizes.bootstrapRounds);
  });
}

const fromMost = (a: Shots, b: Shots): number =>
  (b ?? Number.POSITIVE_INFINITY) - (a ?? Number.POSITIVE_INFINITY);

/** A head that has never met a quarter of the intents; null where too few would be left to learn. */
function nearTrial(
  seed: string,
  examples: readonly Message[],
  aid: readonly Message[],
  { known, strangers }: { readonly known: readonly Message[]; readonly strangers: readonly Message[] },
  vectorOf: VectorOf,
): Trial | null {
  const names = [...new Set(examples.flatMap(({ intents }) => intents))];
  const held = heldBack(names, `near ${seed}`);
  const isHeld = ({ intents }: Message): boolean => intents.every((intent) => held.has(intent));
  const isMet = ({ intents }: Message): boolean => !intents.some((intent) => held.has(intent));
  if (names.length - held.size < INTENTS_MIN) return null;
  const train = examples.filter(isMet);
  // A message of several intents, some of them held back, is neither known nor strange.
  const judge = learnIntents(train, aid, vectorOf);
  return test(judge, train, known.filter(isMet), known.filter(isHeld), strangers);
}

function test(
  judge: (text: string) => Judgement,
  train: readonly Message[],
  known: readonly Message[],
  strangers: readonly Message[],
  far: readonly Message[] = [],
): Trial {
  const answer = ({ text, intents }: Message): Answer => {
    const judgement = judge(text);
    return { ...judgement, right: intents.includes(judgement.intent) };
  };
  return {
    examples: train.length,
    intents: new Set(train.flatMap(({ intents }) => intents)).size,
    known: known.map(answer),
    strangers: strangers.map((message) => ({ ...answer(message), right: false })),
    far: far.map((message) => ({ ...answer(message), right: false })),
  };
}
