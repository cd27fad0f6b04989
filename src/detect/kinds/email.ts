/** E-mail addresses: found from their `@`, so that text without one costs nothing. */
import type { Match, StructuredFamily, Subject } from '../subject.ts';

/** RFC 5321, section 4.5.3.1.1. */
const LOCAL_PART_CHARS_MAX = 64;
const LOCAL_PART_END = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}._%+'-]{0,63})$/u;
/** A domain of at least two labels whose last is letters (or punycode), not followed by more of the same. */
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.){1,8}(?:xn--[a-z0-9-]{1,59}|\p{L}[\p{L}\p{M}]{1,62})/uy;

/** `logo@2x.png`: an image for screens of twice the density. */
const IMAGE = /^\d(?:\.\d)?x\.(?:png|jpe?g|gif|svg|webp|avif|heic|pdf)$/i;

export const email: StructuredFamily = { name: 'email', kinds: ['EMAIL_ADDRESS'], find };

function find({ text }: Subject): Match[] {
  const matches: Match[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = LOCAL_PART_END.exec(text.slice(Math.max(0, at - LOCAL_PART_CHARS_MAX), at));
    if (local === null) continue;
    DOMAIN.lastIndex = at + 1;
    const domain = DOMAIN.exec(text);
    if (domain === null || IMAGE.test(domain[0])) continue;
    matches.push({
      start: at - local[0].length,
      end: DOMAIN.lastIndex,
      kind: 'EMAIL_ADDRESS',
      score: 1,
    });
  }
  return matches;
}
