/** Opens the detector of names that a model pack brings. */
import { createTagger } from '../../engine/create-tagger.ts';
import { readManifest } from '../../engine/pack/manifest.ts';
import { TAGGER } from '../../engine/pack/tagger-pack.ts';
import { serverEngine } from '../../engine/server-engine.ts';
import { ENTITY_KINDS, type EntityKind, STRUCTURED_KINDS } from '../../personal-kinds.ts';
import type { Settings } from '../../settings.ts';
import type { Detector } from '../detect.ts';
import { createNames } from './names.ts';

export interface OpenNames {
  /** None where the pack brings no such model. */
  readonly detectors: readonly Detector[];
  /** The kinds that are searched for with them, those told by shape among them. */
  readonly kinds: readonly EntityKind[];
  readonly close: () => Promise<void>;
}

/** @throws ModelPackError; Error when a kernel was asked for and cannot be had */
export async function openNames(settings: Settings): Promise<OpenNames> {
  const tagger = await createTagger(serverEngine(settings));
  if (tagger === null) return { detectors: [], kinds: STRUCTURED_KINDS, close: async () => {} };
  return {
    detectors: [createNames(tagger, settings.TIERGATE_DETECT_WAIT_MS_MAX)],
    kinds: ENTITY_KINDS,
    close: tagger.close,
  };
}

/** The kinds that are searched for with a model pack: a policy cannot speak of others. @throws ModelPackError */
export async function searchedKinds(settings: Settings): Promise<readonly EntityKind[]> {
  const { learned } = await readManifest(settings.TIERGATE_MODEL);
  return learned?.[TAGGER] === undefined ? STRUCTURED_KINDS : ENTITY_KINDS;
}
