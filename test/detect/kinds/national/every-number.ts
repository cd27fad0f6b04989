/** Makers of valid numbers of each kind that an authority issues, and what people call them. */
import { AMERICAS } from './americas.ts';
import { ASIA_PACIFIC_AFRICA } from './asia-pacific-africa.ts';
import { BRITAIN_AND_GERMANY } from './britain-and-germany.ts';
import { EUROPE } from './europe.ts';
import type { NationalNumber } from './maker.ts';

export const NATIONAL_NUMBERS: readonly NationalNumber[] = [
  ...AMERICAS,
  ...BRITAIN_AND_GERMANY,
  ...EUROPE,
  ...ASIA_PACIFIC_AFRICA,
];
