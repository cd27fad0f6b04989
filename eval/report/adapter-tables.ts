/** What adapters win, as a table. */
import type { AdapterSide } from '../tasks/adapters.ts';
import type { Results } from './results.ts';
import { decimal, percent, percentWithin, type Table } from './table.ts';

export function adapters(results: Results): Table {
  return {
    title: 'What an adapter wins: right intent, percent (AUROC of far strangers)',
    note: 'Ten examples of each intent, as `tiergate train --adapter` learns them, on test messages that neither has seen, with 95 % intervals. Beside them what the training itself found on examples that it held out, and whether it keeps the adapter for that.',
    head: [
      'set',
      'encoder',
      'learned from',
      'tested on',
      'head alone',
      'with an adapter',
      'held out: alone / with',
      'kept',
    ],
    rows: results.adapters.map(({ set, encoder, examples, tested, plain, adapted, trial }) => [
      set,
      encoder,
      String(examples),
      String(tested),
      adapterSide(plain),
      adapterSide(adapted),
      `${percent(trial.plain)} / ${percent(trial.adapted)}`,
      trial.isKept ? 'yes' : 'no',
    ]),
  };
}

const adapterSide = ({ accuracy: share, interval, far }: AdapterSide): string =>
  `${percentWithin(share, interval)}${far === null ? '' : ` (${decimal(far)})`}`;
