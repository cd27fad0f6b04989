/**
 * Which internet addresses are outside, which are inside of a perimeter, and which no server is ever asked at: by the
 * IANA registries of special-purpose addresses (RFC 6890 and its updates) and the addresses at which clouds keep the
 * credentials of their machines.
 */
import { BlockList, isIP } from 'node:net';

/** `never`: link-local, multicast, unspecified, reserved, made of other addresses, or a cloud's metadata service. */
export type AddressRange = 'public' | 'private' | 'loopback' | 'never';

type Rows = readonly (readonly [net: string, prefix: number])[];

const LOOPBACK: Rows = [
  ['127.0.0.0', 8],
  ['::1', 128],
];
const PRIVATE: Rows = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  // Shared by carriers and clouds (RFC 6598), and for measurements (RFC 2544), which some VPNs use.
  ['100.64.0.0', 10],
  ['198.18.0.0', 15],
  ['fc00::', 7],
];
const METADATA: Rows = [
  ['169.254.169.254', 32],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['fd00:ec2::254', 128],
];
const NEVER: Rows = [
  ...METADATA,
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Teredo, documentation, 6to4: of the global addresses, those that are none.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const GLOBAL: Rows = [['2000::', 3]];

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function listOf(rows: Rows): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of rows) list.addSubnet(net, prefix, familyOf(net));
  return list;
}
const LISTS = {
  loopback: listOf(LOOPBACK),
  never: listOf(NEVER),
  private: listOf(PRIVATE),
  global: listOf(GLOBAL),
};

/** Where an address is; `never` too for what is no address. */
export function rangeOf(address: string): AddressRange {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return 'never';
  if (family === 6) {
    const inner = v4Within(address);
    if (inner !== undefined) return rangeOf(inner);
  }
  const isOn = (list: BlockList): boolean => list.check(address, familyOf(address));
  if (isOn(LISTS.never)) return 'never';
  if (isOn(LISTS.loopback)) return 'loopback';
  if (isOn(LISTS.private)) return 'private';
  return family === 4 || isOn(LISTS.global) ? 'public' : 'never';
}

/** The IPv4 address that an IPv6 address stands for: mapped (RFC 4291, `::ffff:0:0/96`) or translated (RFC 6052). */
function v4Within(address: string): string | undefined {
  const words = wordsOf(address);
  const head = words.slice(0, 6).join(' ');
  if (head !== MAPPED && head !== TRANSLATED) return undefined;
  return words
    .slice(6)
    .flatMap((word) => [word >> 8, word & 255])
    .join('.');
}
const MAPPED = [0, 0, 0, 0, 0, 0xffff].join(' ');
const TRANSLATED = [0x64, 0xff9b, 0, 0, 0, 0].join(' ');

/** The eight words of a valid IPv6 address. */
function wordsOf(address: string): number[] {
  // The standard form has neither dots nor leading zeros.
  const standard = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? '';
  const [head = '', tail] = standard.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const before = numbers(head);
  const after = numbers(tail ?? '');
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
