/**
 * Finds the data sets in a folder: `<data>/<task>/<name>.jsonl`, or for intents also a folder `<name>/` with
 * `train.jsonl` and the like. What a name is not enough for stands in a spec, `<name>.spec.json`, beside the rows or,
 * for the public sets that are known here, in `eval/data-sets/<task>/`. That folder also holds rows of our own.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSpec, type Spec } from './spec.ts';

export const DATA_TASKS = ['intents', 'injection', 'routing'] as const;
export type DataTask = (typeof DATA_TASKS)[number];

/** A data set that is there, not yet read. */
export interface Found {
  readonly task: DataTask;
  readonly name: string;
  /** The file of its rows, or the folder of its files. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly spec: Spec;
}

const OWN = fileURLToPath(new URL('../data-sets', import.meta.url));
const SPEC = '.spec.json';
const ROWS = '.jsonl';

/** @param own specs of known public sets, and rows of our own @throws Error naming a spec that cannot be used */
export function findDataSets(data: string, task: DataTask, own = OWN): Found[] {
  const folders = [join(data, task), join(own, task)];
  const names = new Set(folders.flatMap(namesIn));
  return [...names].sort().flatMap((name): Found[] => {
    const specFile = firstThere(folders.map((folder) => join(folder, `${name}${SPEC}`)));
    const spec = specFile === undefined ? {} : readSpec(specFile);
    const rows = folders.map((folder) => join(folder, `${name}${ROWS}`));
    const path = firstThere(spec.file === undefined ? rows : [join(data, spec.file)]);
    if (path !== undefined) return [{ task, name, path, isFolder: false, spec }];
    const folder = join(data, task, name);
    if (task === 'intents' && existsSync(join(folder, `train${ROWS}`))) {
      return [{ task, name, path: folder, isFolder: true, spec }];
    }
    // A folder of something else, or a known public set that is not here. A spec of one's own wants its rows.
    if (specFile?.startsWith(data)) throw new Error(`${specFile} is there, but its rows are not.`);
    return [];
  });
}

const firstThere = (paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path));

/** Names of folders, rows and specs. */
function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return [entry.name];
    const ending = [SPEC, ROWS].find((each) => entry.name.endsWith(each));
    return ending === undefined ? [] : [entry.name.slice(0, -ending.length)];
  });
}
