/** Every kind that values are made of. */
import { ASIA_PACIFIC_AFRICA_AMERICAS } from './asia-pacific-africa-americas.ts';
import { EUROPE } from './europe.ts';
import { EVERYWHERE } from './everywhere.ts';
import { GERMANY } from './germany.ts';
import type { MadeKind } from './kind.ts';
import { NORTH_AMERICA } from './north-america.ts';
import { UNITED_KINGDOM } from './united-kingdom.ts';

export const MADE_KINDS: readonly MadeKind[] = [
  ...EVERYWHERE,
  ...NORTH_AMERICA,
  ...UNITED_KINGDOM,
  ...EUROPE,
  ...GERMANY,
  ...ASIA_PACIFIC_AFRICA_AMERICAS,
];
