/** Driving licences whose form is one of many: those of the United States, a state each, and all that are only called so. */
import type { EntityKind } from '../../personal-kinds.ts';
import { type Context, RIGHT_BEFORE, wordsOf } from '../said/context.ts';

export const LICENCE_WORDS = wordsOf(
  "driv(?:er|ing)(?:'? ?s)?'? ?(?:licen|lic|permit|id|card|number|no)",
  'licen[cs]e (?:number|no|num|nr|id)(?![a-z])',
  `licen[cs]e(?: (?:card|is|was))?${RIGHT_BEFORE}`,
  `lic(?:\\.|#)? ?(?:no|number|num)?${RIGHT_BEFORE}`,
  'dl',
  'dln',
  'cdl',
  'dls',
  'cdls',
  'dmv',
  'dvla',
  'state id',
  'permit (?:number|no)',
  "learner'?s permit",
  'permis de conduire',
  'permiso de conduc',
  'licencia de conduc',
  'carnet de conducir',
  'carteira de (?:motorista|habilita)',
  'cnh',
  'rijbewijs',
  'prawo jazdy',
  'k(?:ö|o)rkort',
  'ajokortti',
  'f(?:ü|ue)hrerschein',
  'patente(?![a-z])',
  'ehliyet',
  'sürücü belgesi',
  'водительск',
  '驾驶证',
  '駕照',
  '運転免許',
  '운전면허',
);

const KINDS: readonly (readonly [kind: EntityKind, form: RegExp, words: RegExp])[] = [
  ['DE_FUEHRERSCHEIN', /^[A-Z][0-9A-Z]{9,10}$/, wordsOf('german', 'f(?:ü|ue)hrerschein')],
  ['IT_DRIVER_LICENSE', /^[A-Z][0-9A-Z]{8}[A-Z]$/, wordsOf('italian', 'patente(?![a-z])')],
  ['UK_DRIVING_LICENCE', /^[A-Z9]{5}\d{6}[0-9A-Z]{5}$/, wordsOf('dvla', 'uk', 'british', 'driving licence')],
  ['KR_DRIVER_LICENSE', /^\d{12}$/, wordsOf('korean', '운전면허')],
];

/** Whose licence a number is; where nothing says so, it counts as one of the United States. */
export const licenceKind = (compact: string, context: Context): EntityKind =>
  KINDS.find(([, form, words]) => form.test(compact) && context.says(words))?.[0] ?? 'US_DRIVER_LICENSE';
