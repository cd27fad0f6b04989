/** Inputs of the benchmark: token ids, the same for every engine. */

/** Of the BERT vocabularies: what stands before and after a text, and where whole words begin. */
const BEFORE = 101;
const AFTER = 102;
const WORDS_FROM = 1996;
const WORDS_TO = 29_000;

/** Texts of one length that differ, so that nothing can be remembered. @param tokens special tokens counted */
export function textsOf(tokens: number, count: number): Int32Array[] {
  let state = 1;
  const next = (): number => {
    // Lehmer's generator (Park and Miller 1988): the same texts on every machine.
    state = (state * 48_271) % 2_147_483_647;
    return WORDS_FROM + (state % (WORDS_TO - WORDS_FROM));
  };
  return Array.from({ length: count }, () =>
    Int32Array.from({ length: tokens }, (_, at) => {
      if (at === 0) return BEFORE;
      return at === tokens - 1 ? AFTER : next();
    }),
  );
}
