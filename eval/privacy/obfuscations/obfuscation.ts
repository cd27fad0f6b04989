/** A way in which people or programs write a value so that it does not look like itself, and what the ways share. */
import type { Random } from '../../reading/random.ts';

/** `any`: letters, digits and signs. `number`: at least six digits and no letters. `mail`: an address with `@` and dots. */
export type Suits = 'any' | 'number' | 'mail';

export interface Obfuscation {
  readonly name: string;
  readonly suits: Suits;
  /** What a reader must do to see the value: the view that undoes it. */
  readonly view: 'decoded' | 'folded' | 'joined' | 'spelled' | 'unlisted';
  readonly write: (value: string, random: Random) => string;
}

export const each = (value: string, write: (sign: string, code: number) => string): string =>
  [...value].map((sign) => write(sign, sign.codePointAt(0) ?? 0)).join('');
export const signs = (value: string, write: (sign: string, code: number) => string): string =>
  each(value, (sign, code) => (/[A-Za-z0-9 ]/.test(sign) ? sign : write(sign, code)));
export const hex = (code: number, length = 2): string => code.toString(16).padStart(length, '0');
export const numbers = (value: string): string => value.replace(/\D/g, '');
export const mapped = (from: string, to: string): ((value: string) => string) => {
  const table = new Map([...from].map((sign, at) => [sign, [...to][at] ?? sign]));
  return (value) => each(value, (sign) => table.get(sign) ?? sign);
};
export const dots = (value: string, at: string, dot: string): string =>
  value.replaceAll('@', at).replaceAll('.', dot);
