/** The model that finds names, if there is one: the bench runs without. */
import type { Detector } from '../../../src/detect/detect.ts';

export interface NamesModel {
  readonly name: string;
  readonly detector: Detector;
  close(): Promise<void>;
}

/** As the server opens it; null where no pack has one. */
export async function openNames(): Promise<NamesModel | null> {
  return null;
}
