/**
 * National numbers of persons: a shape, the check that the issuing authority defines, and, where a shape with its check
 * is still common by chance, a word beside it.
 */
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';
import { AMERICAS_ASIA_PACIFIC } from './national-id-americas-asia-pacific.ts';
import { EUROPE } from './national-id-europe.ts';
import type { NationalId } from './national-id-row.ts';

const TABLE: readonly NationalId[] = [...EUROPE, ...AMERICAS_ASIA_PACIFIC];

export const nationalId: StructuredFamily = {
  name: 'national id',
  kinds: TABLE.map(({ kind }) => kind),
  find: (subject) => TABLE.flatMap((row) => (subject.digits < row.digitsMin ? [] : findOne(subject, row))),
};

function findOne(subject: Subject, row: NationalId): Match[] {
  const matches: Match[] = [];
  let saidUntil = Number.NEGATIVE_INFINITY;
  for (const { 0: found, index: start, end } of spansOf(row.shape, subject.text)) {
    const compact = found.replace(/[ ./-]/g, '').toUpperCase();
    if (!row.holds(compact)) continue;
    // With dots a number could be anything's, so they say as little as no separators.
    const bare = compact.length === found.length || found.includes('.');
    const needed = row.needsWord === 'always' || (row.needsWord === 'bare' && bare);
    const said = subject.says(row.words, start, end) || subject.lists(saidUntil, start);
    if (said) saidUntil = end;
    if (needed && !said) continue;
    matches.push({ start, end, kind: row.kind, score: said ? 1 : 0.85 });
  }
  return matches;
}
