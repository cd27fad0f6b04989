/**
 * Addresses of cryptocurrency wallets, each with the check its chain defines: base58check (Bitcoin, Litecoin, Dogecoin,
 * Dash, Zcash, Tron, XRP), bech32 and bech32m (BIP 173, BIP 350), EIP-55 (Ethereum and its kin), Monero. Private keys in
 * base58check count as secrets.
 */
import { createHash } from 'node:crypto';
import { wordsOf } from '../said/context.ts';
import type { Match, StructuredFamily, Subject } from '../subject.ts';
import { keccak256 } from './keccak.ts';

export const crypto: StructuredFamily = { name: 'crypto', kinds: ['CRYPTO', 'SECRET'], find };

const CHARS_MIN = 25;
const CHARS_MAX = 128;
/** Checks that one text may cost; each takes up to a millisecond. Whatever has the form counts after these. */
const CHECKS_MAX = 100;

const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

interface Form {
  readonly kind: Match['kind'];
  readonly pattern: RegExp;
  readonly holds: (text: string) => boolean;
}

const FORMS: readonly Form[] = [
  { kind: 'CRYPTO', pattern: /^0[xX][0-9A-Fa-f]{40}$/, holds: isEthereum },
  {
    kind: 'CRYPTO',
    pattern: /^(?:[a-z]{2,12}1[02-9ac-hj-np-z]{30,110}|[A-Z]{2,12}1[02-9AC-HJ-NP-Z]{30,110})$/,
    holds: isBech32,
  },
  {
    kind: 'CRYPTO',
    pattern: /^[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}(?:[1-9A-HJ-NP-Za-km-z]{11})?$/,
    holds: isMonero,
  },
  {
    kind: 'CRYPTO',
    pattern: /^r[1-9A-HJ-NP-Za-km-z]{24,34}$/,
    holds: (text) => base58Check(text, RIPPLE) === 25,
  },
  {
    kind: 'CRYPTO',
    pattern: /^[123579ADGLMTXacmnt][1-9A-HJ-NP-Za-km-z]{24,35}$/,
    holds: (text) => [25, 26].includes(base58Check(text, BITCOIN)),
  },
  { kind: 'CRYPTO', pattern: /^[xyzt]pub[1-9A-HJ-NP-Za-km-z]{107,108}$/, holds: isExtendedKey },
  { kind: 'SECRET', pattern: /^[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107,108}$/, holds: isExtendedKey },
  {
    kind: 'SECRET',
    pattern: /^[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}$/,
    holds: (text) => [37, 38].includes(base58Check(text, BITCOIN)),
  },
];

/** Thirty-two bytes in base58 have no check: a word must say what they are. */
const SOLANA = /^[1-9A-HJ-NP-Za-km-z]{43,44}$/;
const SOLANA_WORDS = wordsOf('solana', 'sol', 'wallet', 'phantom', 'crypto');

function find(subject: Subject): Match[] {
  if (subject.digits === 0 || subject.text.length < CHARS_MIN) return [];
  const { text, starts, ends, withDigits } = subject.groups;
  const matches: Match[] = [];
  let checks = 0;
  for (const group of withDigits) {
    const [start = 0, end = 0] = [starts[group], ends[group]];
    if (end - start < CHARS_MIN || end - start > CHARS_MAX) continue;
    const value = text.slice(start, end);
    for (const { kind, pattern, holds } of FORMS) {
      if (!pattern.test(value) || (checks++ < CHECKS_MAX && !holds(value))) continue;
      matches.push({ start, end, kind, score: 1 });
    }
    if (SOLANA.test(value) && subject.context(start, end).says(SOLANA_WORDS)) {
      matches.push({ start, end, kind: 'CRYPTO', score: 0.8 });
    }
  }
  return matches;
}

/** EIP-55: capitals are where the hash of the small letters has a digit above 7. All small or all capital says nothing. */
function isEthereum(text: string): boolean {
  const hex = text.slice(2);
  const small = hex.toLowerCase();
  if (hex === small || hex === hex.toUpperCase()) return true;
  const hash = Buffer.from(keccak256(Buffer.from(small))).toString('hex');
  return [...hex].every((char, i) => {
    const letter = small[i] ?? '';
    return char === (Number.parseInt(hash[i] ?? '0', 16) > 7 ? letter.toUpperCase() : letter);
  });
}

const BECH32_CONSTANT = 1;
const BECH32M_CONSTANT = 0x2bc830a3;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173: a BCH code over the human-readable part and the data. */
function isBech32(text: string): boolean {
  const small = text.toLowerCase();
  const part = small.lastIndexOf('1');
  const codes = [...small.slice(0, part)].map((char) => char.charCodeAt(0));
  const values = [
    ...codes.map((code) => code >> 5),
    0,
    ...codes.map((code) => code & 31),
    ...[...small.slice(part + 1)].map((char) => BECH32.indexOf(char)),
  ];
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((generator, i) => {
      if (((top >> i) & 1) === 1) sum ^= generator;
    });
  }
  return sum === BECH32_CONSTANT || sum === BECH32M_CONSTANT;
}

/** How many bytes base58check text stands for, its four check bytes counted in; 0 where the check fails. */
function base58Check(text: string, alphabet: string): number {
  let number = 0n;
  for (const char of text) number = number * 58n + BigInt(alphabet.indexOf(char));
  const hex = number.toString(16);
  const zeros = text.length - text.replace(new RegExp(`^${alphabet[0] ?? ''}+`), '').length;
  const bytes = Buffer.from('00'.repeat(zeros) + (hex.length % 2 === 1 ? `0${hex}` : hex), 'hex');
  const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
  const check = sha256(sha256(bytes.subarray(0, -4))).subarray(0, 4);
  return check.equals(bytes.subarray(-4)) ? bytes.length : 0;
}

function isExtendedKey(text: string): boolean {
  return base58Check(text, BITCOIN) === 82;
}

/** Bytes of a Monero block by its characters: blocks of eight bytes are written alone, the last may be shorter. */
const MONERO_BYTES: Readonly<Record<number, number>> = { 2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8 };

/** Monero: base58 by blocks, the last four bytes are those of the Keccak-256 of the rest. */
function isMonero(text: string): boolean {
  let hex = '';
  for (let i = 0; i < text.length; i += 11) {
    const block = text.slice(i, i + 11);
    const bytes = MONERO_BYTES[block.length];
    if (bytes === undefined) return false;
    let number = 0n;
    for (const char of block) number = number * 58n + BigInt(BITCOIN.indexOf(char));
    const part = number.toString(16);
    if (part.length > bytes * 2) return false;
    hex += part.padStart(bytes * 2, '0');
  }
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.from(keccak256(bytes.subarray(0, -4)))
    .subarray(0, 4)
    .equals(bytes.subarray(-4));
}
