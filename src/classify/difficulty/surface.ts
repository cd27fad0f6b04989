/**
 * What can be seen of a message's difficulty without understanding it: how long it is, and how many quantities it names.
 * More was tried (`models/recipes/HEADS.md`); these two are what held on benchmarks that were not learned from.
 */

/** Most UTF-16 code units that are looked at. */
const CHARS_MAX = 8_192;

/** Numbers in digits, shares, and English words for numbers. */
const QUANTITY =
  /\d+(?:[.,]\d+)*|%|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million|half|halves|third|quarter|twice|double|triple|dozen|percent)\b/gi;

/** How many numbers `surfaceOf` gives. */
export const SURFACE_WIDTH = 2;

/** Both as logarithms: a tenth sentence makes less of a difference than a second. */
export function surfaceOf(text: string): readonly [length: number, quantities: number] {
  const seen = text.slice(0, CHARS_MAX);
  return [Math.log1p(seen.length), Math.log1p(seen.match(QUANTITY)?.length ?? 0)];
}
