/** Gateways in which one part fails, each in its own way. */
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import type { AppParts } from '../../../src/http/app.ts';

export interface Fault {
  readonly name: string;
  /** False: nothing may leave, not even redacted. */
  readonly mayLeave: boolean;
  readonly change: (parts: AppParts) => AppParts;
}

const detecting = (find: Detector['find']): Fault['change'] => {
  const detect = createDetect([{ name: 'names', kinds: ['PERSON'], find }]);
  return (parts) => ({ ...parts, stages: { ...parts.stages, detect } });
};

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
