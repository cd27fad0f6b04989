/** The search for personal data: what a shape tells, and what the names model tells where the pack brings one. */
import { createDetect, type Detect } from '../detect/detect.ts';
import { openNames } from '../detect/names/open-names.ts';
import type { EntityKind } from '../personal-kinds.ts';
import type { Opened } from './opened.ts';
import type { Surroundings } from './surroundings.ts';

export interface Detection {
  readonly detect: Detect;
  /** The kinds that are searched for. */
  readonly kinds: readonly EntityKind[];
}

export async function openDetection(
  { settings, step, tell }: Surroundings,
  opened: Opened,
): Promise<Detection> {
  const { detectors, kinds, close } = await step('Loading the names', () => openNames(settings));
  opened.defer(close);
  if (detectors.length === 0) tell(WITHOUT_NAMES);
  return { detect: createDetect(detectors), kinds };
}

const WITHOUT_NAMES =
  'This model pack brings nothing to find names with: names, places and organisations are not replaced.\n';
