/** Kept where others look for it. */
export { CHECK_TEXTS } from '../../src/quantize/check-texts.ts';
