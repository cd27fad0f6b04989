/** The stage `detect` as the server has it: what a tool finds is what the server would find. */
import { createDetect, type Detect } from '../detect/detect.ts';
import type { Settings } from '../settings.ts';

export interface OpenedDetect {
  readonly detect: Detect;
  readonly close: () => Promise<void>;
}

export async function openDetect(_settings: Settings): Promise<OpenedDetect> {
  return { detect: createDetect(), close: async () => undefined };
}
