/**
 * The ways out: to the configured servers alone, and what leaves the perimeter through the guard.
 */
import { searchLeaving } from '../detect/leaving.ts';
import type { Telemetry } from '../record/telemetry.ts';
import type { Blocked } from '../upstream/blocked.ts';
import { createEgress, type Destination } from '../upstream/egress.ts';
import { type GuardOptions, guarded, guardedGet } from '../upstream/guard.ts';
import type { Provider } from '../upstream/providers.ts';
import { nowhere, rehearse } from '../upstream/rehearsal.ts';
import { createHttpTransport } from '../upstream/transport.ts';
import type { Surroundings } from './surroundings.ts';

export function openEgress(
  { settings, log, resolve }: Surroundings,
  providers: readonly Provider[],
  telemetry: Telemetry,
) {
  const onBlocked = ({ why, place, host, traceId }: Blocked): void => {
    telemetry.blocked(why);
    const known = { ...(host === undefined ? {} : { host }), ...(traceId === undefined ? {} : { traceId }) };
    log.write('error', 'egress_blocked', { why, place, ...known });
  };
  const destinations: Destination[] = [
    ...providers.map(({ baseUrl }) => ({ baseUrl, place: 'outside' }) as const),
    { baseUrl: settings.TIERGATE_LOCAL_BASE_URL, place: 'inside' },
    // A ticket system is as often inside as outside; what it is sent holds ids only.
    { baseUrl: settings.TIERGATE_WEBHOOK_URL, place: 'either' },
  ];
  const egress = createEgress(destinations, {
    privateHosts: settings.TIERGATE_PRIVATE_HOSTS.split(','),
    onBlocked,
    ...(resolve === undefined ? {} : { resolve }),
  });
  const connectWaitMsMax = settings.TIERGATE_CONNECT_WAIT_MS_MAX;
  const http = createHttpTransport({ connectWaitMsMax, egress, onBlocked });
  const guard: GuardOptions = {
    search: searchLeaving,
    egress,
    workMsMax: settings.TIERGATE_GUARD_WORK_MS_MAX,
    onBlocked,
  };
  return {
    /** To the model server inside: requests go there as they are. */
    inside: http.post,
    outside: guarded(http.post, guard),
    get: guardedGet(http.get, guard),
    rehearsal: guarded(rehearse, { ...guard, egress: nowhere }),
    close: http.close,
  };
}
