/** Gateways in which one part fails, each in its own way. */
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import { createNames } from '../../../src/detect/names/names.ts';
import { FEATURES, LISTS } from '../../../src/detect/names/words.ts';
import type { Tagger } from '../../../src/engine/tagger.ts';
import type { AppParts } from '../../../src/http/app.ts';

export interface Fault {
  readonly name: string;
  /** False: nothing may leave, not even redacted. */
  readonly mayLeave: boolean;
  /** What the application is answered where nothing may leave; 500, if not given. */
  readonly status?: number;
  readonly change: (parts: AppParts) => AppParts;
}

const detecting = (find: Detector['find']): Fault['change'] => {
  const detect = createDetect([{ name: 'names', kinds: ['PERSON'], find }]);
  return (parts) => ({ ...parts, stages: { ...parts.stages, detect } });
};

const NAME_LABELS = ['O', 'B-PERSON', 'I-PERSON'];

/** The same logits for every token. */
function logitsOf(windows: readonly (readonly number[])[], logit: (label: number) => number): Float32Array {
  const tokens = windows.reduce((sum, { length }) => sum + length, 0);
  const width = NAME_LABELS.length;
  return Float32Array.from({ length: tokens * width }, (_, at) => logit(at % width));
}

/** The real detector of names on a model of which only the running is made up. */
function naming(tag: Tagger['tag'], waitMsMax = 60_000): Fault['change'] {
  const names = createNames(
    {
      engine: 'broken',
      revision: '000000000000',
      labels: NAME_LABELS,
      features: FEATURES,
      lists: Object.fromEntries(LISTS.map((name) => [name, new Set<string>()])),
      before: 0,
      after: 1,
      tokensMax: 128,
      pieces: () => [2],
      token: (id) => id,
      tag,
      close: async () => {},
    },
    waitMsMax,
  );
  return detecting(names.find);
}

/** As the engine does, which gives up when it is told to. */
const lateTag: Tagger['tag'] = (_windows, signal) =>
  new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(signal.reason)));
const LATE_MS = 5;

const boom = (): never => {
  throw new Error('broken');
};

export const FAULTS: readonly Fault[] = [
  { name: 'a detector that throws', mayLeave: false, change: detecting(boom) },
  { name: 'a detector that rejects', mayLeave: false, change: detecting(async () => boom()) },
  {
    name: 'a finding outside of its text',
    mayLeave: false,
    change: detecting(() => [
      { leaf: 0, start: 0, end: 1_000_000, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' },
    ]),
  },
  {
    name: 'a finding in a text that there is not',
    mayLeave: false,
    change: detecting(() => [
      { leaf: 1_000_000, start: 0, end: 1, kind: 'PERSON', score: 1, detector: 'names', view: 'raw' },
    ]),
  },
  { name: 'a names model that fails', mayLeave: false, change: naming(async () => boom()) },
  { name: 'a names model that is late', mayLeave: false, status: 503, change: naming(lateTag, LATE_MS) },
  {
    name: 'a names model that gives no numbers',
    mayLeave: false,
    change: naming(async (windows) => logitsOf(windows, () => Number.NaN)),
  },
  {
    name: 'a names model that takes every word for a name',
    mayLeave: true,
    change: naming(async (windows) => logitsOf(windows, (label) => (label === 1 ? 9 : 0))),
  },
  {
    name: 'a redaction that throws',
    mayLeave: false,
    change: (parts) => ({ ...parts, stages: { ...parts.stages, redact: { redact: boom } } }),
  },
  {
    name: 'a detector that finds the half of everything',
    mayLeave: true,
    change: detecting((leaves) =>
      leaves.flatMap(({ text, role }, leaf) =>
        // The provider tells conversations apart by a number.
        role === 'value' && leaf % 2 === 0 && text.length > 3
          ? [
              {
                leaf,
                start: 0,
                end: Math.ceil(text.length / 2),
                kind: 'PERSON' as const,
                score: 0.6,
                detector: 'names',
                view: 'raw' as const,
              },
            ]
          : [],
      ),
    ),
  },
  {
    name: 'a detection that is blind',
    mayLeave: true,
    change: (parts) => ({
      ...parts,
      stages: { ...parts.stages, detect: async () => ({ leaves: [], findings: [], kinds: {} }) },
    }),
  },
];
