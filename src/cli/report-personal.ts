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
    .map((day) => {
      const line = {
        day: day.day,
        requests: day.requests,
        personal_requests: day.personalRequests,
        values: day.values,
        replaced: day.replaced,
        blocked: day.blocked,
        kinds: Object.fromEntries(day.kinds),
        brought_back: Object.fromEntries(day.broughtBack),
      };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}

function toWords(days: readonly PersonalDay[]): string {
  if (days.length === 0) return 'The decision log holds no requests.\n';
  return days.map(dayWords).join('\n');
}

function dayWords(day: PersonalDay): string {
  const { requests, personalRequests, values, replaced, blocked, kinds, broughtBack } = day;
  const sentence =
    `${day.day} (UTC): ${counted(requests, 'request')}, ${personalRequests} with personal data; ` +
    `${counted(values, 'value')} found, ${replaced} replaced before leaving.\n`;
  const alarm =
    blocked === 0
      ? ''
      : `  The last check kept ${counted(blocked, 'request')} from leaving: faults to report.\n`;
  const answers =
    broughtBack.size === 0 ? '' : `  Cloud models themselves brought back:\n${drawn(broughtBack)}`;
  return sentence + alarm + drawn(kinds) + answers;
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** A table, or nothing where there is none. */
function drawn(kinds: PersonalDay['kinds']): string {
  if (kinds.size === 0) return '';
  const rows = [
    ['kind', 'values', 'requests'] as const,
    ...[...kinds].map(([kind, { values, requests }]) => [kind, String(values), String(requests)] as const),
  ];
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length));
  const [kindWidth, valuesWidth, requestsWidth] = [width(0), width(1), width(2)];
  return rows
    .map(
      ([kind, values, requests]) =>
        `  ${kind.padEnd(kindWidth)}  ${values.padStart(valuesWidth)}  ${requests.padStart(requestsWidth)}\n`,
    )
    .join('');
}
