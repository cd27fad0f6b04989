/** A vault, and answers with its placeholders in them, as models write them: what the tests of restoring share. */
import fc from 'fast-check';
import { type Entry, Vault } from '../../src/redact/placeholder/vault.ts';

export const ENTRIES: Readonly<Record<string, Entry>> = {
  EMAIL_ADDRESS_482KQX917: { kind: 'EMAIL_ADDRESS', part: '', id: '482KQX917', value: 'jane@example.org' },
  EMAIL_ADDRESS_2_482KQX917: { kind: 'EMAIL_ADDRESS', part: '2', id: '482KQX917', value: 'Jane@Example.org' },
  SECRET_000BBB000: { kind: 'SECRET', part: '', id: '000BBB000', value: 'a"b\\c\nd' },
  US_SSN_999ZZZ999: { kind: 'US_SSN', part: '', id: '999ZZZ999', value: '$& SECRET_000BBB000' },
  PERSON_731CDF204: { kind: 'PERSON', part: '', id: '731CDF204', value: 'Dr. Anna van Dijk' },
};
export const PLACEHOLDERS = Object.keys(ENTRIES);

export function vaultOf(...entries: readonly Entry[]): Vault {
  const vault = new Vault();
  for (const entry of entries) vault.keep(entry);
  return vault;
}
export const vault = vaultOf(...Object.values(ENTRIES));

/** What stands for `_` where something has been done to a text. */
export const SEPARATORS = [
  '_',
  '\\_',
  ' ',
  '-',
  '&#95;',
  '&lowbar;',
  '\\u005f',
  '%5F',
  '_\u00AD',
  '\n',
  '\\\\_',
  '',
];

const titled = (text: string): string =>
  text.toLowerCase().replace(/(?<![a-z])[a-z]/g, (c) => c.toUpperCase());
export const CASES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toLowerCase(),
  titled,
];

/** A placeholder in another case, with other signs for its `_`. */
const altered = fc
  .tuple(
    fc.constantFrom(...PLACEHOLDERS),
    fc.constantFrom(...CASES),
    fc.infiniteStream(fc.constantFrom(...SEPARATORS)),
  )
  .map(([placeholder, inCase, separators]) =>
    inCase(placeholder).replace(/_/g, () => String(separators.next().value)),
  );

/** Prose made of placeholders, broken placeholders, ones that nobody gave, and text between them. */
export const answer: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...PLACEHOLDERS),
      altered,
      altered.chain((text) => fc.nat(text.length).map((cut) => text.slice(0, cut))),
      fc.constantFrom('EMAIL_ADDRESS_000BBB001', '000BBB001', 'PERSON_FIRST_731CDF204', 'PERSON_'),
      fc.constantFrom(
        '[',
        ']',
        ' ',
        '{',
        '"',
        '\\',
        '&',
        '&#',
        '%',
        '```json\n',
        '\n',
        'Hello ',
        '. ',
        'grün🙂',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** Where to cut a text into pieces. */
export const cuts = fc.array(fc.nat(400), { maxLength: 60 });

export function cut(text: string, places: readonly number[]): string[] {
  const sorted = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  const pieces: string[] = [];
  let read = 0;
  for (const place of [...sorted, text.length]) {
    pieces.push(text.slice(read, place));
    read = place;
  }
  return pieces;
}
