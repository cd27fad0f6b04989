import { Buffer } from 'node:buffer';

/** Bytes of UTF-8 that one token stands for, as a rule of thumb for English and most Latin scripts. */
const BYTES_PER_TOKEN = 4;

/** Estimates a text's tokens where no model counts them: UTF-8 bytes / 4, rounded up. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
