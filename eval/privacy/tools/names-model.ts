/** The model that finds names, as the server opens it; the bench runs without, where a pack has none. */
import { basename } from 'node:path';
import type { Detector } from '../../../src/detect/detect.ts';
import { openNames as open } from '../../../src/detect/names/open-names.ts';
import { readSettings } from '../../../src/settings.ts';

/** Nothing waits for the bench: what is late on a busy machine is still found. */
const WAIT_MS = '60000';

export interface NamesModel {
  readonly name: string;
  readonly detectors: readonly Detector[];
  close(): Promise<void>;
}

export interface NamesOptions {
  /** The folder of a model pack; by default the shipped one. */
  readonly pack: string | undefined;
  /** Libraries have one. */
  readonly threads: string;
}

export async function openNames({ pack, threads }: NamesOptions): Promise<NamesModel | null> {
  const settings = readSettings({
    TIERGATE_DETECT_WAIT_MS_MAX: WAIT_MS,
    TIERGATE_ENGINE_THREADS: threads,
    ...(pack === undefined ? {} : { TIERGATE_MODEL: pack }),
  });
  const { detectors, close } = await open(settings);
  if (detectors.length > 0) return { name: basename(settings.TIERGATE_MODEL), detectors, close };
  await close();
  return null;
}
