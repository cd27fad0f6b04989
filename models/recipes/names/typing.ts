/** Messages as people type them: without capitals, in capitals only, with slips, without accents. Places stay known. */
import type { Piece } from './fill.ts';

const LOWER_SHARE = 0.14;
const NAMES_LOWER_SHARE = 0.05;
const UPPER_SHARE = 0.03;
const NAMES_UPPER_SHARE = 0.03;
const BARE_SHARE = 0.06;
const NO_ACCENTS_SHARE = 0.08;
const SLIPS_SHARE = 0.12;
const ONE_LINE_SHARE = 0.15;

export function disguised(pieces: readonly Piece[], random: () => number): Piece[] {
  const roll = random();
  const forms: ((piece: Piece) => string)[] = [];
  if (roll < LOWER_SHARE) forms.push(({ text }) => text.toLowerCase());
  else if (roll < LOWER_SHARE + UPPER_SHARE) forms.push(({ text }) => text.toUpperCase());
  else if (roll < LOWER_SHARE + UPPER_SHARE + NAMES_LOWER_SHARE) {
    forms.push(({ text, kind }) => (kind === null ? text : text.toLowerCase()));
  } else if (roll < LOWER_SHARE + UPPER_SHARE + NAMES_LOWER_SHARE + NAMES_UPPER_SHARE) {
    forms.push(({ text, kind }) => (kind === null ? text : text.toUpperCase()));
  }
  if (random() < BARE_SHARE)
    forms.push(({ text, kind }) => (kind === null ? text.replace(/[.,;:!?"]/g, '') : text));
  if (random() < NO_ACCENTS_SHARE)
    forms.push(({ text }) =>
      text
        .normalize('NFD')
        .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
        .normalize('NFC'),
    );
  if (random() < ONE_LINE_SHARE) forms.push(({ text }) => text.replace(/\s*\n\s*/g, ' '));
  if (random() < SLIPS_SHARE) forms.push(({ text }) => slipped(text, random));
  return pieces.map((piece) => ({
    text: forms.reduce((text, form) => form({ ...piece, text }), piece.text),
    kind: piece.kind,
  }));
}

const SLIP_SHARE = 0.08;
const LETTERS_MIN = 4;

function slipped(text: string, random: () => number): string {
  return text.replace(/\p{L}{4,}/gu, (word) => {
    if (word.length < LETTERS_MIN || random() > SLIP_SHARE) return word;
    const at = 1 + Math.floor(random() * (word.length - 2));
    const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
    const roll = random();
    if (roll < 0.3) return before + after;
    if (roll < 0.6) return before + after.charAt(0) + letter + after.slice(1);
    return before + letter + letter + after;
  });
}
