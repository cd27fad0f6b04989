/** The report as a page of its own, for whoever keeps the examples: what to do first, how good it is, why. */
import { escapeHtml } from '../wire/html.ts';
import { bar, coveragePlot, reliabilityPlot } from './plots.ts';
import {
  type Advice,
  type Confusion,
  type IntentRow,
  OUTSIDE_ADVISED,
  type Quoted,
  type TrainReport,
} from './report-shape.ts';
import { STYLE } from './report-style.ts';

const LISTED_MAX = 20;

export function reportHtml(report: TrainReport): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trained intents</title>
<style>${STYLE}</style>
<header>
<h1>${number(report.intentCount)} intents, learned from ${number(report.examples)} examples</h1>
<p>${headline(report)}</p>
</header>
<main>
${cards(report)}
${todo(report)}
${answerable(report)}
${adapter(report)}
${kept(report)}
${confusions(report.confusions)}
${intents(report.intents)}
${method(report)}
</main>
</html>
`;
}

function headline({ accuracy, outOfScope }: TrainReport): string {
  const beside = outOfScope === 0 ? '' : ` ${number(outOfScope)} messages showed what is none of them.`;
  return `Of 100 messages like these that it has never seen, about ${Math.round(100 * accuracy.value)} get the right intent.${beside}`;
}

function cards({ accuracy, answerable: all, calibrationError, strangers }: TrainReport): string {
  const at = all.find(({ error }) => error === 0.05);
  const found = strangers.far ?? strangers.near;
  const cells = [
    [
      percent(accuracy.value),
      'right intent',
      `${percent(accuracy.low)} to ${percent(accuracy.high)}, ${number(accuracy.of)} messages`,
    ],
    [percent(at?.coverage ?? 0), 'can be answered', 'if 5 % of the answers may be wrong'],
    [percent(calibrationError), 'confidence is off', 'on average; below 5 % is good'],
    [
      found === null ? '–' : percent(found.found),
      'of strange messages are told',
      found === null ? 'too few intents to measure' : '95 % of the known ones let through',
    ],
  ];
  return `<section class="cards">${cells.map(([value, what, how]) => `<div><b>${value}</b><span>${what}</span><small>${how}</small></div>`).join('')}</section>`;
}

function todo(report: TrainReport): string {
  const { addNext, conflicts, misfits, nearDuplicates, repeats } = report;
  const parts = [
    findings(
      'Nearly the same message under two intents',
      'Decide for one; the other example teaches the opposite.',
      conflicts.count,
      conflicts.listed.map(
        ({ first, second }) =>
          `${quoted(first)} is ${name(first.intent)}, and ${quoted(second)} is ${name(second.intent)}`,
      ),
    ),
    findings(
      'Messages that look as if they belong elsewhere',
      'Judged by everything but themselves, they and all that are nearest to them are of another intent. Some are mistakes, some only unusual.',
      misfits.count,
      misfits.listed.map(
        ({ message, judged, confidence }) =>
          `${quoted(message)} is ${name(message.intent)}, and looks like ${name(judged)} (${percent(confidence)})`,
      ),
    ),
    findings(
      'The same message twice',
      'The second was left out.',
      repeats.count,
      repeats.listed.map(({ line, intent, firstLine, firstIntent }) =>
        intent === firstIntent
          ? `line ${line} repeats line ${firstLine} (${name(intent)})`
          : `line ${line} is ${name(intent)}, and line ${firstLine} is ${name(firstIntent)}`,
      ),
    ),
    findings(
      'Nearly the same message under one intent',
      'They teach little; they were not counted in the measures. Messages that differ help more.',
      nearDuplicates.count,
      nearDuplicates.listed.map(
        ({ intent, first, second }) => `${quoted(first)} and ${quoted(second)} (${name(intent)})`,
      ),
    ),
  ].join('');
  if (addNext.length === 0 && parts === '' && report.outOfScope >= OUTSIDE_ADVISED)
    return '<section><h2>What to do next</h2><p>Nothing stands out. More examples of what people really write always help.</p></section>';
  return `<section><h2>What to do next</h2>${advice(addNext, report.outOfScope)}${parts}</section>`;
}

function advice(rows: readonly Advice[], outOfScope: number): string {
  const outside =
    outOfScope >= OUTSIDE_ADVISED
      ? ''
      : '<p>And some dozens of messages that belong to none of the intents, as they really arrive: with an empty <code>intent</code>, or by <code>--out-of-scope</code>.</p>';
  if (rows.length === 0) return outside;
  const line = ({ intent, examples, add, recall, mistakenFor, like }: Advice): string => {
    const why =
      recall === null
        ? `has ${examples} examples, all alike`
        : `${percent(recall)} recognised, of ${examples} examples`;
    const from =
      mistakenFor === null ? '' : `; often taken for ${name(mistakenFor)}, so add what tells the two apart`;
    const more =
      like.length === 0 ? '' : `<br><span class="dim">More like ${like.map(quoted).join(', ')}</span>`;
    return `<li><b>About ${add} more of ${name(intent)}</b>: ${why}${from}.${more}</li>`;
  };
  return `<h3>Add examples here first</h3><ol>${rows.map(line).join('')}</ol>${outside}`;
}

function findings(what: string, help: string, count: number, lines: readonly string[]): string {
  if (count === 0) return '';
  const more =
    count > LISTED_MAX
      ? `<li class="dim">… and ${number(count - Math.min(count, LISTED_MAX))} more</li>`
      : '';
  const items = lines.slice(0, LISTED_MAX).map((line) => `<li>${line}</li>`);
  return `<details${count <= 10 ? ' open' : ''}><summary>${what} <span class="count">${number(count)}</span></summary><p>${help}</p><ul>${items.join('')}${more}</ul></details>`;
}

function answerable({ answerable: all, coverage, strangersShare }: TrainReport): string {
  const rows = all.map(({ error, coverage: share, confidence }) => [
    percent(error),
    `${percent(share)} ${bar(share, 'good')}`,
    confidence === null ? 'no confidence is enough' : confidence.toFixed(2),
  ]);
  return `<section><h2>What can be answered</h2>
<p>Answer only what is surest, and fewer answers are wrong. The last column is the number for the policy's band
<code>confidence: { high: … }</code>. These are estimates from the examples; a promise needs
<code>tiergate calibrate</code> and real traffic. They count ${percent(strangersShare)} of the traffic as being about none of the intents.</p>
<div class="side">${coveragePlot(
    coverage,
    all.filter(({ confidence }) => confidence !== null),
  )}
${table(['wrong answers, at most', 'of the traffic answered', 'from a confidence of'], rows)}</div></section>`;
}

function kept({ reliability, calibrationError }: TrainReport): string {
  return `<section><h2>Does confidence keep its word?</h2>
<div class="side">${reliabilityPlot(reliability)}<p>Each dot is a tenth of the traffic, from the least sure to the surest. On the dashed line, confidence says
exactly how often it is right; above it, it is too modest, below it, too bold. The mean distance is ${percent(calibrationError)}.</p></div></section>`;
}

function confusions(rows: readonly Confusion[]): string {
  if (rows.length === 0) return '';
  const most = Math.max(...rows.map(({ count }) => count));
  const cells = rows
    .slice(0, LISTED_MAX)
    .map(({ intent, judged, count, messages }) => [
      name(intent),
      name(judged),
      `${count} ${bar(count / most, 'bad')}`,
      messages.slice(0, 3).map(quoted).join(', '),
    ]);
  return `<section><h2>What gets mixed up</h2>${table(['messages of', 'were taken for', 'how many', 'such as'], cells)}</section>`;
}

function intents(rows: readonly IntentRow[]): string {
  const cells = rows.map(({ name: intent, examples, recall, precision, mistakenFor }) => [
    name(intent),
    number(examples),
    recall === null ? '–' : `${percent(recall)} ${bar(recall, recall < 0.7 ? 'bad' : 'good')}`,
    precision === null ? '–' : `${percent(precision)} ${bar(precision, precision < 0.7 ? 'bad' : 'good')}`,
    mistakenFor === null ? '' : name(mistakenFor),
  ]);
  return `<section><h2>All intents, the worst first</h2>${table(['intent', 'examples', 'of its messages recognised', 'right when it is named', 'most often taken for'], cells)}</section>`;
}

function adapter({ adapter: trial }: TrainReport): string {
  if (trial === null) return '';
  const { plain, adapted, of, gained, lost, isKept } = trial;
  const rows = [
    ['the head alone', `${percent(plain)} ${bar(plain, isKept ? 'bad' : 'good')}`],
    ['with an adapter', `${percent(adapted)} ${bar(adapted, isKept ? 'good' : 'bad')}`],
  ];
  const verdict = isKept
    ? 'It is kept: all figures here are with it.'
    : `${gained > lost ? 'So small a gain can be chance' : 'That is no gain'}, so it is not kept: all figures here are of the head alone.`;
  return `<section><h2>The adapter</h2>
<p>Of ${number(of)} messages that neither had learned from, ${number(gained)} are right only with the adapter, and ${number(lost)} only without. ${verdict}</p>
${table(['learned', 'right intent'], rows)}</section>`;
}

function method({ encoder, strangers, accuracy }: TrainReport): string {
  const lines = [
    strangers.near === null
      ? null
      : `near, made by hiding each message's own intent: ${percent(strangers.near.found)} told, AUROC ${strangers.near.auroc.toFixed(3)} (${number(strangers.near.of)} messages)`,
    strangers.far === null
      ? null
      : `far, the out-of-scope examples: ${percent(strangers.far.found)} told, AUROC ${strangers.far.auroc.toFixed(3)} (${number(strangers.far.of)} messages)`,
  ].filter((line) => line !== null);
  return `<section class="dim"><h2>How this was measured</h2>
<p>Every one of ${number(accuracy.of)} examples was judged by what was learned without it, from three quarters of the others; what is
used learns from all of them and is rather better. Messages that have a near twin were not counted. Strange messages, told
at the threshold that lets 95 % of the known ones through: ${lines.length === 0 ? 'not measured' : lines.join('; ')}.
The few numbers that make distances into chances (one for the intents, three or four for what is strange) were fitted to these
same judgements, so the figures, those of strange messages most, are a little favourable. Encoder ${encoder}.</p></section>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table>${line(heads, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`;
}

/** A message, or where it stands. */
function quoted({ line, text }: Quoted): string {
  const place = line === null ? 'an out-of-scope message' : `line ${line}`;
  return text === undefined ? place : `<q>${escapeHtml(text)}</q> <span class="dim">(${place})</span>`;
}

function name(intent: string): string {
  return `<code>${escapeHtml(intent)}</code>`;
}

function percent(share: number): string {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return `${(100 * share).toFixed(digits)} %`;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
