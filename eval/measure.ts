/** Every task on every encoder and data set. */
import type { Contestant } from './encoders/contestants.ts';
import { DATA_TASKS, type Found, findDataSets } from './reading/data-sets.ts';
import { readInjectionSet } from './reading/injection-sets.ts';
import { messagesToLearn, readIntentSet } from './reading/intent-sets.ts';
import { readRoutingSet } from './reading/routing-sets.ts';
import type { Results, Task } from './report/results.ts';
import { measureAdapters } from './tasks/adapters.ts';
import { measureDifficulty } from './tasks/difficulty.ts';
import { measureFairness } from './tasks/fairness.ts';
import { measureInjection } from './tasks/injection.ts';
import { measureIntents } from './tasks/intents.ts';
import { type LikenessFigures, measureLikeness } from './tasks/likeness.ts';
import type { Run, Sizes } from './tasks/run.ts';
import { openShippedHeads, type ShippedHeads } from './tasks/shipped-heads.ts';
import { measureSlices } from './tasks/slices.ts';
import type { Counterfactual } from './texts/counterfactuals.ts';

export interface Wanted {
  /** The folder of the data sets. */
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly isWanted: (set: string) => boolean;
  readonly sizes: Sizes;
  readonly isQuick: boolean;
  readonly counterfactuals: readonly Counterfactual[];
  /** Told how far an encoder is. */
  readonly progressOf: (encoder: string) => Run['progress'];
}

type Parts = 'intents' | 'slices' | 'adapters' | 'injection' | 'difficulty' | 'fairness' | 'notes';
/** Figures as they are gathered. */
type Gathered = { readonly [Part in Parts]: Results[Part] extends readonly (infer Row)[] ? Row[] : never };

/** The mean cosine from which an encoder's vectors can be given to heads that learned on another's. */
const ALIKE_MIN = 0.99;

/** @throws Error naming a data set that cannot be read */
export async function measure(contestants: readonly Contestant[], wanted: Wanted): Promise<Results> {
  const sets = DATA_TASKS.flatMap((task) => findDataSets(wanted.data, task)).filter(({ name }) =>
    wanted.isWanted(name),
  );
  const gathered: Gathered = {
    intents: [],
    slices: [],
    adapters: [],
    injection: [],
    difficulty: [],
    fairness: [],
    notes: [],
  };
  const likeness = await measureLikeness(contestants);
  for (const contestant of contestants) {
    const part = partOf(contestant, contestants, likeness, { sets, tasks: wanted.tasks });
    await measureOne(contestant, { ...wanted, tasks: part.tasks }, part.sets, gathered);
    const left = wanted.tasks.filter((task) => !part.tasks.includes(task));
    if (left.length > 0) gathered.notes.push(`${left.join(', ')}: not asked of ${contestant.name}.`);
  }
  const used = sets.filter(({ task }) => wanted.tasks.some((each) => DATA_OF[each] === task));
  return {
    isQuick: wanted.isQuick,
    sizes: wanted.sizes,
    tasks: wanted.tasks,
    encoders: contestants.map(({ name, kind, encoder, bytes, trainedOn }) => ({
      name,
      kind,
      revision: encoder.revision,
      engine: encoder.engine,
      bytes,
      trainedOn,
    })),
    likeness,
    sets: used.map((found) => ({
      task: found.task,
      name: found.name,
      messages: found.task === 'intents' ? messagesToLearn(found) : null,
      title: found.spec.title ?? '',
      source: found.spec.source ?? '',
      licence: found.spec.licence ?? '',
      learnedBy: found.spec.learned_by ?? [],
    })),
    ...gathered,
    notes: [...new Set(gathered.notes)],
  };
}

interface Part {
  readonly sets: readonly Found[];
  readonly tasks: readonly Task[];
}

/**
 * What is asked of a model that packs are only compared with: about sets that nothing here has learned from, which are
 * the test; heads of the pack only where its vectors are those that the heads know; and never about difficulty, whose
 * long prompts would take float32 longer than all else.
 */
export function partOf(
  { name, isCompared }: Contestant,
  contestants: readonly Contestant[],
  likeness: readonly LikenessFigures[],
  { sets, tasks }: Part,
): Part {
  if (!isCompared) return { sets, tasks };
  const learned = new Set(contestants.flatMap(({ trainedOn }) => trainedOn));
  const pack = contestants.find((each) => !each.isCompared)?.name;
  const own = likeness.find(({ encoder }) => encoder === name)?.to;
  const isAlike = (own?.find(({ encoder }) => encoder === pack)?.mean ?? 0) >= ALIKE_MIN;
  const wanted: readonly Task[] = isAlike
    ? ['intents', 'slices', 'injection', 'fairness']
    : ['intents', 'slices'];
  return {
    sets: sets.filter((set) => set.task !== 'intents' || !learned.has(set.name)),
    tasks: tasks.filter((task) => wanted.includes(task)),
  };
}

/** The data that each task needs; fairness brings its own. */
const DATA_OF: Readonly<Record<Task, Found['task'] | null>> = {
  intents: 'intents',
  slices: 'intents',
  adapters: 'intents',
  injection: 'injection',
  difficulty: 'routing',
  fairness: null,
};

async function measureOne(
  contestant: Contestant,
  { data, tasks, sizes, counterfactuals, progressOf }: Wanted,
  sets: readonly Found[],
  gathered: Gathered,
): Promise<void> {
  const run: Run = { contestant, sizes, progress: progressOf(contestant.name) };
  const encoder = contestant.name;
  const of = (task: Task): Found[] => sets.filter((set) => set.task === DATA_OF[task]);
  const lenders = findDataSets(data, 'intents');
  const does = (task: Task): boolean => {
    if (!tasks.includes(task)) return false;
    const has = DATA_OF[task] === null || of(task).length > 0;
    if (!has) gathered.notes.push(`${task}: there is no data set in ${DATA_OF[task]}/.`);
    return has;
  };
  for (const found of does('intents') ? of('intents') : []) {
    const figures = await measureIntents(run, readIntentSet(found, lenders));
    gathered.intents.push(...figures.map((each) => ({ ...each, encoder })));
  }
  for (const found of does('slices') ? of('slices') : []) {
    const figures = await measureSlices(run, readIntentSet(found, lenders));
    gathered.slices.push(...figures.map((each) => ({ ...each, encoder })));
  }
  // An encoder that has learned a set itself leaves an adapter nothing to win.
  const unlearned = of('adapters').filter(({ name }) => !contestant.trainedOn.includes(name));
  for (const found of does('adapters') ? unlearned : []) {
    const figures = await measureAdapters(run, readIntentSet(found, lenders));
    if (figures !== null) gathered.adapters.push({ ...figures, encoder });
  }
  const shipped = (['injection', 'difficulty', 'fairness'] as const).filter(does);
  if (shipped.length === 0) return;
  const heads: ShippedHeads = await openShippedHeads(run);
  if (shipped.includes('injection')) {
    const figures = await measureInjection(run, heads, of('injection').flatMap(readInjectionSet));
    if (figures.length === 0) gathered.notes.push(`injection: ${encoder} has no head for it.`);
    gathered.injection.push(...figures.map((each) => ({ ...each, encoder })));
  }
  for (const found of shipped.includes('difficulty') ? of('difficulty') : []) {
    const figures = await measureDifficulty(run, heads, found.name, readRoutingSet(found));
    gathered.difficulty.push(...figures.map((each) => ({ ...each, encoder })));
  }
  if (shipped.includes('fairness')) {
    const figures = await measureFairness(run, heads, counterfactuals);
    gathered.fairness.push(...figures.map((each) => ({ ...each, encoder })));
  }
}
