/** Addresses of cryptographic money, each with its check: Base58Check, BIP 173 and 350, EIP-55, Monero's. */
import { createHash } from 'node:crypto';
import { pick, type Random } from '../../reading/random.ts';
import { between } from './digits.ts';
import { keccak256 } from './keccak.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

const bytesOf = (random: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => between(random, 0, 255)));
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function base58(bytes: Uint8Array, length = 0): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return length > 0 ? text.padStart(length, '1') : '1'.repeat(Math.max(0, zeros)) + text;
}

function base58check(random: Random, version: number): string {
  const body = Buffer.concat([Buffer.from([version]), bytesOf(random, 20)]);
  return base58(Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]));
}

function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((generator, bit) => {
      if ((top >>> bit) & 1) sum ^= generator;
    });
  }
  return sum;
}

/** A witness program: version 0 in bech32, later ones in bech32m. */
function segwit(random: Random, prefix: string, version: number, length: number): string {
  const bits = [...bytesOf(random, length)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const fives = (bits.match(/.{1,5}/g) ?? []).map((five) => Number.parseInt(five.padEnd(5, '0'), 2));
  const expanded = [...prefix].map((sign) => sign.charCodeAt(0));
  const head = [...expanded.map((code) => code >> 5), 0, ...expanded.map((code) => code & 31)];
  const sum = polymod([...head, version, ...fives, 0, 0, 0, 0, 0, 0]) ^ (version === 0 ? 1 : 0x2bc830a3);
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[version, ...fives, ...check].map((five) => BECH32[five]).join('')}`;
}

function ethereum(random: Random): string {
  const hex = bytesOf(random, 20).toString('hex');
  if (random() < 0.3) return `0x${hex}`;
  const hash = keccak256(Buffer.from(hex)).toString('hex');
  return `0x${[...hex].map((sign, at) => (Number.parseInt(hash[at] ?? '0', 16) > 7 ? sign.toUpperCase() : sign)).join('')}`;
}

/** Monero writes blocks of eight bytes as eleven signs, and the last five bytes as seven. */
function monero(random: Random): string {
  const body = Buffer.concat([Buffer.from([18]), bytesOf(random, 64)]);
  const all = Buffer.concat([body, keccak256(body).subarray(0, 4)]);
  const blocks = Array.from({ length: 9 }, (_, at) => all.subarray(at * 8, at * 8 + 8));
  return blocks.map((block) => base58(block, block.length === 8 ? 11 : 7)).join('');
}

const WALLETS: readonly ((random: Random) => string)[] = [
  (random) => base58check(random, 0x00),
  (random) => base58check(random, 0x05),
  (random) => segwit(random, 'bc', 0, 20),
  (random) => segwit(random, 'bc', 0, 32),
  (random) => segwit(random, 'bc', 1, 32),
  ethereum,
  (random) => base58check(random, 0x30),
  (random) => segwit(random, 'ltc', 0, 20),
  (random) => base58check(random, 0x41),
  (random) => base58check(random, 0x1e),
  monero,
];

export const wallet = (random: Random): string => pick(WALLETS, random)(random);
