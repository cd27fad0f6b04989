/**
 * Keccak-256 as Ethereum uses it: the sponge of FIPS 202 with the padding that Keccak had before it became a standard, so
 * that SHA3-256 of `node:crypto` is another function. For short inputs that are checked now and then; not made for speed.
 */

const LANES = 25;
const RATE_BYTES = 136;
const ROUNDS = 24;
const LANE_BITS = 64n;
const LANE_MASK = (1n << LANE_BITS) - 1n;
/** Where step rho and pi move lane after lane, and by how much each is turned: FIPS 202, section 3.2. */
const PI = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];
const RHO = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44].map(
  BigInt,
);
const IOTA = roundConstants();

/** @returns the 32 bytes of the digest */
export function keccak256(input: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(input.length / RATE_BYTES) + 1) * RATE_BYTES);
  padded.set(input);
  padded[input.length] = 0x01;
  padded[padded.length - 1] = (padded.at(-1) ?? 0) | 0x80;
  const view = new DataView(padded.buffer);
  const lanes = new Array<bigint>(LANES).fill(0n);
  for (let block = 0; block < padded.length; block += RATE_BYTES) {
    for (let i = 0; i < RATE_BYTES / 8; i++) {
      lanes[i] = (lanes[i] ?? 0n) ^ view.getBigUint64(block + i * 8, true);
    }
    permute(lanes);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 4; i++) digest.setBigUint64(i * 8, lanes[i] ?? 0n, true);
  return new Uint8Array(digest.buffer);
}

const turned = (lane: bigint, by: bigint): bigint => ((lane << by) | (lane >> (LANE_BITS - by))) & LANE_MASK;

function permute(lanes: bigint[]): void {
  const at = (i: number): bigint => lanes[i % LANES] ?? 0n;
  for (let round = 0; round < ROUNDS; round++) {
    const columns = [0, 1, 2, 3, 4].map((x) => at(x) ^ at(x + 5) ^ at(x + 10) ^ at(x + 15) ^ at(x + 20));
    for (let i = 0; i < LANES; i++) {
      const x = i % 5;
      lanes[i] = at(i) ^ (columns[(x + 4) % 5] ?? 0n) ^ turned(columns[(x + 1) % 5] ?? 0n, 1n);
    }
    let moved = at(1);
    for (let i = 0; i < PI.length; i++) {
      const place = PI[i] ?? 0;
      const kept = at(place);
      lanes[place] = turned(moved, RHO[i] ?? 0n);
      moved = kept;
    }
    for (let row = 0; row < LANES; row += 5) {
      const old = lanes.slice(row, row + 5);
      for (let x = 0; x < 5; x++) {
        lanes[row + x] = (old[x] ?? 0n) ^ (((old[(x + 1) % 5] ?? 0n) ^ LANE_MASK) & (old[(x + 2) % 5] ?? 0n));
      }
    }
    lanes[0] = at(0) ^ (IOTA[round] ?? 0n);
  }
}

/** FIPS 202, section 3.2.5: bits of a linear feedback shift register, at the places 2^j - 1. */
function roundConstants(): bigint[] {
  let register = 1;
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n;
    for (let j = 0n; j <= 6n; j++) {
      if ((register & 1) === 1) constant |= 1n << ((1n << j) - 1n);
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
    return constant;
  });
}
