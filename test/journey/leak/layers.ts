/** Gateways with some of the layers taken out that keep personal data inside. */
import type { Detect } from '../../../src/detect/detect.ts';
import { searchLeaving } from '../../../src/detect/leaving.ts';
import { createEscalate } from '../../../src/escalate/escalate.ts';
import type { AppParts } from '../../../src/http/app.ts';
import { Vault } from '../../../src/redact/placeholder/vault.ts';
import type { Redact } from '../../../src/redact/redact.ts';
import type { RedactedInquiry } from '../../../src/shapes.ts';
import { guarded, type SearchPersonal } from '../../../src/upstream/guard.ts';
import { createHttpTransport, type Transport } from '../../../src/upstream/transport.ts';
import { egressTo } from '../../fake-provider.ts';

/**
 * `detect` finds the values; `redact` replaces them; the guard looks for the replaced `values` and for personal data of
 * any of the `kinds`; `restore` puts the values back.
 */
export const LAYERS = ['detect', 'redact', 'values', 'kinds', 'restore'] as const;
export type Layer = (typeof LAYERS)[number];

const blind: Detect = async () => ({ leaves: [], findings: [], kinds: {} });

/** Passes everything on as it is, and tells the guard what was found. */
const passing: Redact = {
  redact: (inquiry, { leaves, findings }) => {
    const values = findings.map(({ leaf, start, end }) => leaves[leaf]?.text.slice(start, end) ?? '');
    const { requestId, model, stream, body } = inquiry;
    const forbidden = [...new Set(values.filter((value) => value.length >= 8))];
    return {
      redacted: { requestId, model, stream, body, forbidden } as unknown as RedactedInquiry,
      vault: new Vault(),
    };
  },
};

const finding: SearchPersonal = () => [];

function severalOf<T>([first, ...rest]: readonly T[]): readonly [T, ...T[]] {
  if (first === undefined) throw new Error('There is no provider.');
  return [first, ...rest];
}

export interface Layered {
  readonly change: (parts: AppParts) => AppParts;
  close(): Promise<void>;
}

/** @param guardWaitMsMax how long the guard may look */
export function without(layers: readonly Layer[], providerUrl: string, guardWaitMsMax = 5_000): Layered {
  const isOut = (layer: Layer): boolean => layers.includes(layer);
  const egress = egressTo(providerUrl);
  const http = createHttpTransport({ connectWaitMsMax: 1_000, egress });
  const guard = guarded(http.post, {
    search: isOut('kinds') ? finding : searchLeaving,
    egress,
    workMsMax: guardWaitMsMax,
    onBlocked: () => undefined,
  });
  const post: Transport = (outgoing) => guard(isOut('values') ? { ...outgoing, forbidden: [] } : outgoing);
  const limits = {
    firstByteWaitMsMax: 5_000,
    idleWaitMsMax: 5_000,
    answerBytesMax: 10_000_000,
    attemptsMax: 1,
  };
  return {
    change: (parts) => {
      const { redact } = parts.stages;
      const forgetful: Redact = {
        redact: (...given) => ({ ...redact.redact(...given), vault: new Vault() }),
      };
      const changed = {
        ...(isOut('detect') ? { detect: blind } : {}),
        ...(isOut('redact') ? { redact: passing } : isOut('restore') ? { redact: forgetful } : {}),
      };
      const escalate = createEscalate(
        () => severalOf(parts.providers()),
        { http: post, rehearsal: post },
        limits,
      );
      return { ...parts, stages: { ...parts.stages, ...changed, escalate } };
    },
    close: http.close,
  };
}
