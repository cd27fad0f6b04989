/** The model that finds names, if there is one: the bench runs without. */
import type { Detector } from '../../../src/detect/detect.ts';
import { openNames as openPackNames } from '../../../src/detect/names/open-names.ts';
import { readSettings } from '../../../src/settings.ts';

export interface NamesModel {
  readonly name: string;
  readonly detector: Detector;
  close(): Promise<void>;
}

/** As the server opens it; null where the pack has none. */
export async function openNames(): Promise<NamesModel | null> {
  const settings = readSettings(process.env);
  const { detectors, close } = await openPackNames(settings);
  const [detector] = detectors;
  return detector === undefined ? null : { name: settings.TIERGATE_MODEL, detector, close };
}
