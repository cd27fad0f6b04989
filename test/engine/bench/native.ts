/** Placeholder: filled when the addon is there. */
import type { Engine } from './contender.ts';

export async function nativeEngine(_pack: string, _kernel: string | undefined): Promise<Engine | null> {
  return null;
}
