/**
 * Where requests may go: to the configured addresses and nowhere else. A host's name is resolved for each connection,
 * every address that comes back is checked, and the connection goes to one of those. So neither a redirect, nor a name
 * that is made to point elsewhere (DNS rebinding), nor a mistake in a URL leads to another server.
 */
import { lookup as lookUp } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { TiergateError } from '../errors.ts';
import { type AddressRange, rangeOf } from './addresses.ts';
import type { OnBlocked } from './blocked.ts';

/** One server that may be asked. */
export interface Destination {
  /** http or https; requests go to it and to paths below it. */
  readonly baseUrl: string;
  /**
   * Where its name may lead. `outside`: to public addresses, as what leaves for it has been redacted for the world.
   * `inside`: to private ones, as what goes to it is not redacted. A base URL that names an address leads to that one.
   */
  readonly place: 'outside' | 'inside' | 'either';
}

/** All addresses of a host's name. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

/** A destination, taken apart. */
export interface Route {
  /** `https://host:port`, as a URL's origin. */
  readonly origin: string;
  readonly host: string;
  /** The path of the base URL, without a slash at its end. */
  readonly path: string;
  /** The query of the base URL, such as the token in a webhook's. */
  readonly query: string;
  /** For `net.connect`: gives addresses that were checked, or fails with `escalate_host_refused`. */
  readonly lookup: LookupFunction;
}

export interface Egress {
  readonly routes: readonly Route[];
  /** The host of a URL, and what the URL adds to the base URL; undefined if it leads nowhere that is allowed. */
  find(url: string): { readonly host: string; readonly beyond: string } | undefined;
}

export interface EgressOptions {
  /** Hosts of destinations outside that may be at a private address all the same. */
  readonly privateHosts?: readonly string[];
  readonly resolve?: Resolve;
  /** Told of every name that led elsewhere. */
  readonly onBlocked?: OnBlocked;
}

/** A name with more addresses is refused. */
const ADDRESSES_MAX = 64;

/** Makes the list of where requests may go. What is no http or https address is left out. */
export function createEgress(destinations: readonly Destination[], options: EgressOptions = {}): Egress {
  const { resolve = resolveByName, onBlocked } = options;
  const places = destinations.flatMap(({ baseUrl, place }) => {
    const url = URL.parse(baseUrl);
    if (url === null || !/^https?:$/.test(url.protocol)) return [];
    return [{ url, ranges: rangesOf(url.hostname, place, options.privateHosts ?? []) }];
  });
  const routes = places.map(({ url }) => {
    // Connections are shared by all that goes to an origin, so they have to suit all of it.
    const sharing = places.filter((other) => other.url.origin === url.origin);
    const refuse = (): TiergateError => {
      onBlocked?.({ why: 'address_refused', place: 'address', host: url.hostname });
      return new TiergateError('escalate_host_refused', { detail: 'address_refused' });
    };
    const allowed = (range: AddressRange): boolean => sharing.every(({ ranges }) => ranges.includes(range));
    return {
      origin: url.origin,
      host: url.hostname,
      path: url.pathname.replace(/\/+$/, ''),
      query: url.search,
      lookup: checkedLookup(resolve, allowed, refuse),
    };
  });
  return {
    routes,
    find(text) {
      const url = URL.parse(text);
      if (url === null || url.username !== '' || url.password !== '') return undefined;
      const route = routes.find(({ origin, path }) => url.origin === origin && isBelow(url.pathname, path));
      if (route === undefined) return undefined;
      const query = url.search === route.query ? '' : url.search;
      return { host: route.host, beyond: url.pathname.slice(route.path.length) + query + url.hash };
    },
  };
}

const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`);

const RANGES: Readonly<Record<Destination['place'], readonly AddressRange[]>> = {
  outside: ['public'],
  inside: ['private', 'loopback'],
  either: ['public', 'private', 'loopback'],
};

function rangesOf(
  hostname: string,
  place: Destination['place'],
  privateHosts: readonly string[],
): readonly AddressRange[] {
  const host = hostname.replace(/\.$/, '');
  // "localhost" and names below it are this machine (RFC 6761, section 6.3), whatever a name server says.
  if (host === 'localhost' || host.endsWith('.localhost')) return ['loopback'];
  return privateHosts.includes(host) ? [...RANGES[place], 'private', 'loopback'] : RANGES[place];
}

/** A lookup for `net.connect` whose every address has been checked: one that may not be reached refuses them all. */
function checkedLookup(
  resolve: Resolve,
  allowed: (range: AddressRange) => boolean,
  refuse: () => TiergateError,
): LookupFunction {
  return (hostname, { all, family }, callback) => {
    const give = (found: Awaited<ReturnType<Resolve>>): void => {
      const wanted = found.filter((one) => !family || String(family).endsWith(String(one.family)));
      const [first] = wanted;
      if (found.length > ADDRESSES_MAX || !found.every(({ address }) => allowed(rangeOf(address)))) {
        callback(refuse(), []);
      } else if (first === undefined) callback(new Error('no address'), []);
      else if (all) callback(null, [...wanted]);
      else callback(null, first.address, first.family);
    };
    resolve(hostname).then(give, (cause) => callback(cause, []));
  };
}

const resolveByName: Resolve = (hostname) => lookUp(hostname, { all: true, order: 'verbatim' });
