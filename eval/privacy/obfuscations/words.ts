/** Words for signs and digits. */
import { pick } from '../../reading/random.ts';
import { dots, mapped, numbers, type Obfuscation } from './obfuscation.ts';
import { respelled } from './spoken.ts';

export const WORDS: readonly Obfuscation[] = [
  { name: '[at] [dot]', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' [at] ', ' [dot] ') },
  { name: '(at) (dot)', suits: 'mail', view: 'spelled', write: (v) => dots(v, '(at)', '(dot)') },
  { name: 'at, dot', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' at ', ' dot ') },
  { name: 'AT, DOT', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' AT ', ' DOT ') },
  { name: '{at} <dot>', suits: 'mail', view: 'spelled', write: (v) => dots(v, '{at}', '<dot>') },
  {
    name: '_at_, .dot.',
    suits: 'mail',
    view: 'spelled',
    write: (v, r) => pick([dots(v, '_at_', '_dot_'), dots(v, '-at-', '-dot-')], r),
  },
  {
    name: 'only the at',
    suits: 'mail',
    view: 'spelled',
    write: (v, r) => v.replace('@', pick([' [at] ', ' (at) ', '[at]', '(a)', '[@]'], r)),
  },
  {
    name: 'at and dot of other languages',
    suits: 'mail',
    view: 'spelled',
    write: (v, r) =>
      dots(
        v,
        ...pick<[string, string]>(
          [
            [' arroba ', ' punto '],
            [' (ät) ', ' (punkt) '],
            [' arobase ', ' point '],
            [' chiocciola ', ' punto '],
            [' małpa ', ' kropka '],
            [' snabel-a ', ' punkt '],
            [' apenstaartje ', ' punt '],
            [' arroba ', ' ponto '],
          ],
          r,
        ),
      ),
  },
  { name: 'spaces around signs', suits: 'mail', view: 'spelled', write: (v) => dots(v, ' @ ', ' . ') },
  {
    name: 'signs by name',
    suits: 'mail',
    view: 'spelled',
    write: (v) =>
      dots(
        v.replaceAll('_', ' underscore ').replaceAll('-', ' dash ').replaceAll('+', ' plus '),
        ' at ',
        ' dot ',
      ),
  },
  { name: 'English digits', suits: 'number', view: 'spelled', write: (v) => respelled(v, 'en', ' ') },
  {
    name: 'English digits, capitals',
    suits: 'number',
    view: 'spelled',
    write: (v) => respelled(v, 'en', ' ').toUpperCase(),
  },
  {
    name: 'English digits, oh and double',
    suits: 'number',
    view: 'spelled',
    write: (v) => respelled(v, 'spoken', ' '),
  },
  {
    name: 'English digits, hyphens',
    suits: 'number',
    view: 'spelled',
    write: (v) => respelled(v, 'en', '-'),
  },
  {
    name: 'English digits, commas',
    suits: 'number',
    view: 'spelled',
    write: (v) => respelled(v, 'en', ', '),
  },
  {
    name: 'words and digits mixed',
    suits: 'number',
    view: 'spelled',
    write: (v, r) => [...numbers(v)].map((d) => (r() < 0.5 ? d : respelled(d, 'en', ''))).join(' '),
  },
  ...(['de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr', 'ru'] as const).map(
    (language): Obfuscation => ({
      name: `digits in words (${language})`,
      suits: 'number',
      view: 'spelled',
      write: (v) => respelled(v, language, ' '),
    }),
  ),
  { name: 'O for 0, l for 1', suits: 'number', view: 'spelled', write: mapped('015', 'OlS') },
];
