/**
 * Which format each kind of provider speaks.
 */
import { anthropic } from '../wire/anthropic.ts';
import type { Format } from '../wire/format.ts';
import { openai } from '../wire/openai.ts';
import type { Provider } from './providers.ts';

export const FORMATS: Readonly<Record<Provider['format'], Format>> = { openai, anthropic, rehearsal: openai };
