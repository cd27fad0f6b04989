/**
 * Trained intents, one set for everybody and one for each tenant that has its own, all judged on the vectors of one
 * encoder: `intent.safetensors` in the folder of labels, and in `tenants/TENANT` below it. A new file is taken over
 * while the server runs; one that cannot be used is refused, and the one before stays.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterTensors, Encoder } from '../../engine/encoder.ts';
import { codeOf, stateOf, watch } from '../../policy/watch.ts';
import { fileFault, LabelsError, readBounded } from '../labels/labels-file.ts';
import { readTrainedIntent, TRAINED_BYTES_MAX, TRAINED_FILE, type TrainedIntent } from './trained-intent.ts';

export const TENANTS_FOLDER = 'tenants';
/** A set takes about a megabyte of memory, as much again with an adapter. */
const TENANTS_MAX = 1_000;
/** What an adapter must make a vector of before it is taken over. */
const TRIAL_TEXT = 'Where is my order?';
/** How often the files are looked at, unless said otherwise. */
const WATCH_INTERVAL_MS = 2_000;

export interface TrainedSets {
  /** The intents for a tenant's messages. Undefined: nothing is trained, the labels' examples count. */
  readonly of: (tenant?: string) => TrainedIntent | undefined;
  /** The names of all sets. */
  readonly names: () => readonly string[];
  /** Changes with any tenant's set. Empty: there are none. */
  readonly tenantsRevision: () => string;
}

/** What came of a look at a set. */
export interface SetReload {
  /** Null: the set for everybody. */
  readonly tenant: string | null;
  readonly status: 'loaded' | 'refused' | 'removed';
  /** Why it was refused. */
  readonly error: LabelsError | null;
}

/** What a set must fit. */
type Judged = Pick<Encoder, 'revision' | 'engine' | 'withAdapter'>;

export interface TrainedSetsOptions {
  /** The folder of labels. */
  readonly folder: string;
  /** The encoder that all sets must have been trained with. Null: only their names are wanted. */
  readonly encoder: Judged | null;
  /** Told of every change; must not throw. */
  readonly onReload: (reload: SetReload) => void;
  readonly watchIntervalMs?: number;
}

export interface KeptSets extends TrainedSets {
  /** Looks at the files now. Never rejects. */
  readonly reload: () => Promise<void>;
  readonly close: () => void;
}

interface Kept {
  /** What the file was when it was looked at. */
  readonly state: string;
  readonly set: TrainedIntent | undefined;
}

/** The key of the set for everybody; no folder is called so. */
const EVERYBODY = '';

/** Reads all sets. @throws LabelsError when one cannot be used: at the start there is none before it to stay */
export async function openTrainedSets(options: TrainedSetsOptions): Promise<KeptSets> {
  const { folder, encoder, onReload, watchIntervalMs = WATCH_INTERVAL_MS } = options;
  let kept = new Map<string, Kept>();
  for (const [tenant, file] of await filesOf(folder)) {
    const state = await stateOf([file]);
    kept.set(tenant, { state, set: await readSet(file, encoder) });
  }
  const look = async (): Promise<void> => {
    const files = await filesOf(folder).catch(() => null);
    // A folder that cannot be listed for a moment takes nobody's intents away.
    if (files === null) return;
    const next = new Map<string, Kept>();
    const reloads: SetReload[] = [];
    for (const [tenant, file] of files) {
      const state = await stateOf([file]);
      const before = kept.get(tenant);
      const isSame = before !== undefined && before.state === state;
      next.set(tenant, isSame ? before : await renew({ tenant, file, state, before, encoder }, reloads));
    }
    for (const [tenant, { set }] of kept) {
      if (set !== undefined && !next.has(tenant)) reloads.push({ tenant, status: 'removed', error: null });
    }
    kept = next;
    // Not before it is so.
    for (const reload of reloads) onReload(reload);
  };
  // One after the other, so that an older file never replaces a newer one.
  let last: Promise<void> = Promise.resolve();
  let seen = await stateOfAll(folder);
  const state = (): Promise<string> => stateOfAll(folder);
  const reload = (): Promise<void> => {
    last = last.then(async () => {
      seen = await state();
      await look();
    });
    return last;
  };
  const sets = (): TrainedIntent[] =>
    [...kept.values()].flatMap(({ set }) => (set === undefined ? [] : [set]));
  return {
    of: (tenant = EVERYBODY) => kept.get(tenant)?.set ?? kept.get(EVERYBODY)?.set,
    names: () => [...new Set(sets().flatMap(({ names }) => names))],
    tenantsRevision: () => {
      const digests = [...kept].flatMap(([tenant, { set }]) =>
        set === undefined || tenant === EVERYBODY ? [] : [[tenant, set.sha256]],
      );
      return digests.length === 0 ? '' : createHash('sha256').update(JSON.stringify(digests)).digest('hex');
    },
    reload,
    close: watch({ state, intervalMs: watchIntervalMs, isNew: (now) => now !== seen, reload }),
  };
}

interface Renewal {
  readonly tenant: string;
  readonly file: string;
  readonly state: string;
  readonly before: Kept | undefined;
  readonly encoder: Judged | null;
}

/** The set of a file that is new, or the one before. */
async function renew(
  { tenant: name, file, state, before, encoder }: Renewal,
  reloads: SetReload[],
): Promise<Kept> {
  const tenant = name === EVERYBODY ? null : name;
  const had = before?.set;
  try {
    const set = await readSet(file, encoder);
    // The set for everybody stays: the examples that it took the place of were perhaps never learned.
    if (set === undefined && had !== undefined && tenant === null) throw fileFault(file, 'The file is gone.');
    if (set !== undefined) reloads.push({ tenant, status: 'loaded', error: null });
    else if (had !== undefined) reloads.push({ tenant, status: 'removed', error: null });
    return { state, set };
  } catch (thrown) {
    const error = thrown instanceof LabelsError ? thrown : fileFault(file, 'The file cannot be read.');
    reloads.push({ tenant, status: 'refused', error });
    return { state, set: had };
  }
}

async function readSet(file: string, encoder: Judged | null): Promise<TrainedIntent | undefined> {
  const bytes = await readBounded(file, TRAINED_BYTES_MAX);
  if (bytes === null) return undefined;
  const set = readTrainedIntent(bytes, file);
  if (encoder === null) return set;
  if (set.encoder !== encoder.revision) {
    const which = `for the encoder ${set.encoder}, and this one is ${encoder.revision}`;
    throw fileFault(file, `These intents were trained ${which}. Train them again.`);
  }
  if (set.adapter !== null) await tryAdapter(set.adapter, encoder, file);
  return set;
}

/** @throws LabelsError when the encoder cannot take it */
async function tryAdapter(adapter: AdapterTensors, encoder: Judged, file: string): Promise<void> {
  if (encoder.withAdapter === undefined) {
    const what = `These intents have an adapter, which ${encoder.engine} cannot run`;
    throw fileFault(file, `${what}: use the native engine, or train them without --adapter.`);
  }
  try {
    const adapted = encoder.withAdapter(adapter);
    try {
      // What fits may still make no vectors: finite numbers can be far too large. Behind whatever requests wait.
      await adapted.embedAll([TRIAL_TEXT]);
    } finally {
      await adapted.close();
    }
  } catch (error) {
    throw fileFault(file, `The adapter of these intents cannot be used: ${(error as Error).message}`);
  }
}

/** The file of each set, by tenant, in an order of its own; whether they are there or not. */
async function filesOf(folder: string): Promise<(readonly [tenant: string, file: string])[]> {
  const parent = join(folder, TENANTS_FOLDER);
  const names = await readdir(parent).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileFault(parent, `The folder cannot be read (${codeOf(error)}).`);
  });
  const tenants = names.filter((name) => !name.startsWith('.')).sort();
  if (tenants.length > TENANTS_MAX) throw fileFault(parent, `There are more than ${TENANTS_MAX} tenants.`);
  return [EVERYBODY, ...tenants].map((tenant) => [
    tenant,
    tenant === EVERYBODY ? join(folder, TRAINED_FILE) : join(parent, tenant, TRAINED_FILE),
  ]);
}

async function stateOfAll(folder: string): Promise<string> {
  const files = await filesOf(folder).catch(() => []);
  const states = await Promise.all(files.map(async ([tenant, file]) => `${tenant} ${await stateOf([file])}`));
  return states.join('\n');
}
