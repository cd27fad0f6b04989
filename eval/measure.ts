/** Every task on every encoder and data set. */
import type { Contestant } from './encoders/contestants.ts';
import { DATA_TASKS, type Found, findDataSets } from './reading/data-sets.ts';
import { readInjectionSet } from './reading/injection-sets.ts';
import { readIntentSet } from './reading/intent-sets.ts';
import { readRoutingSet } from './reading/routing-sets.ts';
import type { Results, Task } from './report/results.ts';
import { measureDifficulty } from './tasks/difficulty.ts';
import { measureFairness } from './tasks/fairness.ts';
import { measureInjection } from './tasks/injection.ts';
import { measureIntents } from './tasks/intents.ts';
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

type Parts = 'intents' | 'slices' | 'injection' | 'difficulty' | 'fairness' | 'notes';
/** Figures as they are gathered. */
type Gathered = { readonly [Part in Parts]: Results[Part] extends readonly (infer Row)[] ? Row[] : never };

/** @throws Error naming a data set that cannot be read */
export async function measure(contestants: readonly Contestant[], wanted: Wanted): Promise<Results> {
  const sets = DATA_TASKS.flatMap((task) => findDataSets(wanted.data, task)).filter(({ name }) =>
    wanted.isWanted(name),
  );
  const gathered: Gathered = {
    intents: [],
    slices: [],
    injection: [],
    difficulty: [],
    fairness: [],
    notes: [],
  };
  for (const contestant of contestants) {
    await measureOne(contestant, wanted, sets, gathered);
  }
  const used = sets.filter(({ task }) => wanted.tasks.some((each) => DATA_OF[each] === task));
  return {
    isQuick: wanted.isQuick,
    sizes: wanted.sizes,
    tasks: wanted.tasks,
    encoders: contestants.map(({ name, kind, encoder, trainedOn }) => ({
      name,
      kind,
      revision: encoder.revision,
      engine: encoder.engine,
      trainedOn,
    })),
    sets: used.map(({ task, name, spec }) => ({
      task,
      name,
      title: spec.title ?? '',
      source: spec.source ?? '',
      licence: spec.licence ?? '',
      learnedBy: spec.learned_by ?? [],
    })),
    ...gathered,
    notes: [...new Set(gathered.notes)],
  };
}

/** The data that each task needs; fairness brings its own. */
const DATA_OF: Readonly<Record<Task, Found['task'] | null>> = {
  intents: 'intents',
  slices: 'intents',
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
