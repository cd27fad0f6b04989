/** Keccak-256 as Ethereum and Monero use it (the padding from before FIPS 202): node:crypto has SHA-3 alone. */
const MASK = (1n << 64n) - 1n;
const RATE_BYTES = 136;

const rotated = (lane: bigint, by: number): bigint =>
  by === 0 ? lane : ((lane << BigInt(by)) | (lane >> BigInt(64 - by))) & MASK;

/** Round constants by the linear feedback shift register of the specification (Keccak reference 3.0, § 1.2). */
function* roundConstants(): Generator<bigint> {
  let register = 1;
  for (let round = 0; round < 24; round += 1) {
    let constant = 0n;
    for (let j = 0; j <= 6; j += 1) {
      if ((register & 1) === 1) constant |= 1n << BigInt(2 ** j - 1);
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
    yield constant;
  }
}

function permute(state: bigint[]): void {
  const at = (x: number, y: number): number => (x % 5) + 5 * (y % 5);
  const lane = (index: number): bigint => state[index] ?? 0n;
  for (const constant of roundConstants()) {
    const columns = [0, 1, 2, 3, 4].map((x) => [0, 1, 2, 3, 4].reduce((sum, y) => sum ^ lane(at(x, y)), 0n));
    for (let x = 0; x < 5; x += 1) {
      const change = (columns[(x + 4) % 5] ?? 0n) ^ rotated(columns[(x + 1) % 5] ?? 0n, 1);
      for (let y = 0; y < 5; y += 1) state[at(x, y)] = lane(at(x, y)) ^ change;
    }
    let [x, y, current] = [1, 0, lane(1)];
    for (let t = 0; t < 24; t += 1) {
      [x, y] = [y, (2 * x + 3 * y) % 5];
      const next = lane(at(x, y));
      state[at(x, y)] = rotated(current, (((t + 1) * (t + 2)) / 2) % 64);
      current = next;
    }
    for (let row = 0; row < 5; row += 1) {
      const before = [0, 1, 2, 3, 4].map((column) => lane(at(column, row)));
      for (let column = 0; column < 5; column += 1) {
        const [one = 0n, two = 0n] = [before[(column + 1) % 5], before[(column + 2) % 5]];
        state[at(column, row)] = (before[column] ?? 0n) ^ (~one & MASK & two);
      }
    }
    state[0] = lane(0) ^ constant;
  }
}

/** The hash of bytes. */
export function keccak256(bytes: Uint8Array): Buffer {
  const padded = Buffer.alloc((Math.floor(bytes.length / RATE_BYTES) + 1) * RATE_BYTES);
  padded.set(bytes);
  padded[bytes.length] = (padded[bytes.length] ?? 0) | 1;
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80;
  const state = new Array<bigint>(25).fill(0n);
  for (let start = 0; start < padded.length; start += RATE_BYTES) {
    for (let lane = 0; lane < RATE_BYTES / 8; lane += 1) {
      state[lane] = (state[lane] ?? 0n) ^ padded.readBigUInt64LE(start + lane * 8);
    }
    permute(state);
  }
  const hash = Buffer.alloc(32);
  for (let lane = 0; lane < 4; lane += 1) hash.writeBigUInt64LE(state[lane] ?? 0n, lane * 8);
  return hash;
}
