/** `tiergate report personal`: kinds of personal data and counts, a day at a time. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PersonalDay, reportPersonal } from '../record/personal-report.ts';
import { readSettings } from '../settings.ts';

export const usage = '[FOLDER] [--day YYYY-MM-DD] [--format json|human]';
export const about = 'counts the personal data that requests held, by day and kind, from the decision log';

const FORMATS = { json: toJson, human: toWords } as const;

/** Prints the report. (Exit code 1: the tool itself failed; a rejection.) */
export async function run(args: readonly string[]): Promise<0> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { day: { type: 'string' }, format: { type: 'string', default: 'human' } },
    allowPositionals: true,
  });
  const { day, format } = values;
  if (positionals.length > 1) throw new Error(`One folder at a time: report personal ${usage}`);
  if (format !== 'json' && format !== 'human')
    throw new Error(`--format must be json or human; not ${format}.`);
  if (day !== undefined && !isDay(day))
    throw new Error(`--day must be a day of the calendar, such as 2026-11-20; not ${day}.`);
  const folder = positionals[0] ?? join(readSettings(process.env).TIERGATE_DATA, 'decisions');
  const isShown = process.stderr.isTTY;
  const onProgress = (records: number): void => {
    if (isShown) process.stderr.write(`\r${records} records …`);
  };
  const days = await reportPersonal(folder, { day, onProgress });
  if (isShown) process.stderr.write('\r');
  process.stdout.write(FORMATS[format](days));
  return 0;
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toJSON().startsWith(text);
}

/** A line for each day. */
function toJson(days: readonly PersonalDay[]): string {
  return days
    .map(({ day, requests, personalRequests, values, replaced, blocked, kinds }) => {
      const line = { day, requests, personal_requests: personalRequests, values, replaced, blocked };
      return `${JSON.stringify({ ...line, kinds: Object.fromEntries(kinds) })}\n`;
    })
    .join('');
}

function toWords(days: readonly PersonalDay[]): string {
  if (days.length === 0) return 'The decision log holds no requests.\n';
  return days.map(dayWords).join('\n');
}

function dayWords({
  day,
  requests,
  personalRequests,
  values,
  replaced,
  blocked,
  kinds,
}: PersonalDay): string {
  const rows = [...kinds].map(
    ([kind, tally]) => [kind, String(tally.values), String(tally.requests)] as const,
  );
  const header = ['kind', 'values', 'requests'] as const;
  const width = (column: 0 | 1 | 2): number =>
    Math.max(...[header, ...rows].map((row) => row[column].length));
  const widths = [width(0), width(1), width(2)] as const;
  const drawn = [header, ...rows].map(
    ([kind, found, held]) =>
      `  ${kind.padEnd(widths[0])}  ${found.padStart(widths[1])}  ${held.padStart(widths[2])}\n`,
  );
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const sentence =
    `${day} (UTC): ${count(requests, 'request')}, ${personalRequests} with personal data; ` +
    `${count(values, 'value')} found, ${replaced} replaced before leaving.\n`;
  const alarm =
    blocked === 0
      ? ''
      : `  The last check kept ${count(blocked, 'request')} from leaving: faults to report.\n`;
  return sentence + alarm + (rows.length === 0 ? '' : drawn.join(''));
}
