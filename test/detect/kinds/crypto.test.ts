/** Wallets: published examples of each chain are found, and not with one character off. */
import { expect, test } from '@jest/globals';
import { crypto } from '../../../src/detect/kinds/crypto.ts';
import { keccak256 } from '../../../src/detect/kinds/keccak.ts';
import { Subject } from '../../../src/detect/subject.ts';

const kinds = (text: string): string[] => crypto.find(new Subject(text)).map(({ kind }) => kind);

const EXAMPLES = [
  ['Bitcoin, the first block', '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa'],
  ['Bitcoin, pay to script', '3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy'],
  ['Bitcoin, BIP 173', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'],
  ['Bitcoin, BIP 350', 'bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr'],
  ['Ethereum, EIP-55', '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
  ['Litecoin', 'LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ'],
  ['Dogecoin', 'DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L'],
  ['Tron', 'TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW'],
  ['XRP', 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh'],
  [
    'Monero',
    '44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A',
  ],
] as const;

test.each(EXAMPLES)('%s', (_chain, address) => {
  expect(kinds(`Please send it to ${address}, thank you.`)).toEqual(['CRYPTO']);
  const last = address.at(-1) === 'f' ? 'F' : 'f';
  expect(kinds(`Please send it to ${address.slice(0, -1)}${last}, thank you.`)).toEqual([]);
});

test('small letters alone are an address of Ethereum, half of one is not', () => {
  expect(kinds('0x52908400098527886e0f7030069857d2e4169ee7')).toEqual(['CRYPTO']);
  expect(kinds('0x52908400098527886e0f, 52908400098527886e0f7030069857d2e4169ee7')).toEqual([]);
});

test('a private key is a secret', () => {
  expect(kinds('5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ')).toEqual(['SECRET']);
});

test('an address without a check needs a word', () => {
  const address = '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU';
  expect(kinds(`build ${address}`)).toEqual([]);
  expect(kinds(`my Solana wallet ${address}`)).toEqual(['CRYPTO']);
});

test('Keccak-256 is that of its authors', () => {
  const hex = (text: string): string => Buffer.from(keccak256(Buffer.from(text))).toString('hex');
  expect(hex('')).toBe('c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
  expect(hex('abc')).toBe('4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45');
  expect(hex('a'.repeat(200))).toHaveLength(64);
});
