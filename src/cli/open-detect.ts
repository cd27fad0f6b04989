/** The stage `detect` as the server has it: what a tool finds is what the server would find. */
import { createDetect, type Detect } from '../detect/detect.ts';
import { openNames } from '../detect/names/open-names.ts';
import type { Settings } from '../settings.ts';

export interface OpenedDetect {
  readonly detect: Detect;
  readonly close: () => Promise<void>;
}

/** @throws ModelPackError */
export async function openDetect(settings: Settings): Promise<OpenedDetect> {
  const { detectors, close } = await openNames(settings);
  return { detect: createDetect(detectors), close };
}
