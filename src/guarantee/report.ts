/** What a calibration found, for programs (JSON), for the terminal, and for people who decide (HTML with plots). */
import { shareAtMost } from '../statistics/binomial.ts';
import { escapeHtml } from '../wire/html.ts';
import type { Calibrated, Finding } from './calibrate.ts';
import { plotRisk, type RiskPoint } from './risk-plot.ts';

/** How a person reads a share: 1 %, 0.5 %, 98.7 %. */
export const percent = (share: number, digits = 1): string => `${Number((100 * share).toFixed(digits))} %`;
const count = (value: number): string => value.toLocaleString('en-US');

const ruleOf = ({ rule }: Finding): string => (rule === null ? 'any rule' : `the rule \`${rule}\``);

/** The finding in sentences; the first says what was found. */
export function sentences(finding: Finding, doubt: number): readonly string[] {
  const { errorMax, threshold, answered, tested, pilot, labelledNeeded, isUnscoped, scopeShare } = finding;
  const promise = `of the requests that ${ruleOf(finding)} takes, at most ${percent(errorMax, 3)} misunderstood`;
  const first =
    threshold === null
      ? `Cannot be promised: ${promise}. The rule takes nothing.`
      : `Promised with a confidence of ${percent(1 - doubt)}: ${promise}.`;
  const seen =
    `${count(tested)} labelled requests were tested, and ${count(pilot)} more laid the grid.` +
    (scopeShare < 1 ? ` They are ${percent(scopeShare)} of all: the others do not get to this rule.` : '');
  return [
    first,
    answered === null
      ? needOf(labelledNeeded, tested, pilot)
      : `From a confidence of ${threshold?.toFixed(4)} on, ${percent(answered.share)} of them can be answered ` +
        `(between ${percent(answered.shareAtLeast)} and ${percent(answered.shareAtMost)}): ${count(answered.reached)} of ` +
        `those tested, ${count(answered.wrong)} of them wrong.`,
    seen,
    ...(isUnscoped
      ? [
          'Some rows do not say what they are about, so they count for every rule: the promise is only as good as those ' +
            'rows are like the requests that get to this one.',
        ]
      : []),
  ];
}

function needOf(needed: number | null, tested: number, pilot: number): string {
  if (needed === null) {
    return 'More of the same would not help: too many are wrong wherever one looks. Better labels or a larger max_error would.';
  }
  return `About ${count(needed)} labelled requests are likely to be enough, if they are like the ${count(tested + pilot)} there are.`;
}

/** What is printed. */
export function reportText({ guarantees, doubt }: Calibrated): string {
  const blocks = guarantees.map((finding) =>
    sentences(finding, doubt)
      .map((sentence, i) => `${i === 0 ? '' : '  '}${sentence}`)
      .join('\n'),
  );
  return `${blocks.join('\n\n')}\n`;
}

/** All of it, but for the bins that the server compares with. */
export function reportJson(calibrated: Calibrated): string {
  const guarantees = calibrated.guarantees.map(({ confidences: _, ...finding }) => finding);
  return `${JSON.stringify({ ...calibrated, guarantees }, null, 1)}\n`;
}

export function reportHtml(calibrated: Calibrated): string {
  const { guarantees, madeAt, doubt, labelsRevision } = calibrated;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>What can be promised</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
h2 { margin-top: 2.5rem; } .kept { color: #2c6e31; } .not { color: #a33; } small { color: #666; }
svg { width: 100%; height: auto; } svg text { fill: #555; } .grid { stroke: #eee; } .guide { stroke: #a33; stroke-width: 1.5; stroke-dasharray: 6 4; } table { border-collapse: collapse; }
th, td { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #ddd; } th { font-weight: 600; }
tr.chosen { background: #e7f2e8; } code { background: #f3f3f3; padding: 0 .2em; }
</style>
<h1>What can be promised</h1>
<p>All promises below hold together with a confidence of ${percent(1 - doubt)}, as long as the requests to come are like
those that were labelled. Found by Learn then Test (Angelopoulos et al. 2021, arXiv:2110.01052) with exact binomial tests.</p>
<p><small>Made ${escapeHtml(madeAt)}; labels and encoder ${escapeHtml(labelsRevision)}.</small></p>
${guarantees.map((finding) => findingHtml(finding, doubt)).join('\n')}
</html>
`;
}

function findingHtml(finding: Finding, doubt: number): string {
  const [first = '', ...rest] = sentences(finding, doubt).map((sentence) =>
    escapeHtml(sentence).replace(/`([^`]*)`/g, '<code>$1</code>'),
  );
  const { rule, errorMax, threshold } = finding;
  const points = pointsOf(finding);
  return `<h2>${rule === null ? 'Any rule' : escapeHtml(rule)}: max_error ${percent(errorMax, 3)}</h2>
<p class="${threshold === null ? 'not' : 'kept'}"><strong>${first}</strong></p>
<p>${rest.join(' ')}</p>
${points.length < 2 ? '' : plotRisk({ points, errorMax, threshold })}
${stepTable(finding, points)}`;
}

function pointsOf({ steps, tested, doubt }: Finding): RiskPoint[] {
  return steps
    .filter(({ reached }) => reached > 0)
    .map(({ threshold, reached, wrong }) => ({
      threshold,
      error: wrong / reached,
      errorAtMost: shareAtMost(wrong, reached, doubt),
      share: reached / tested,
    }));
}

const ROWS_SHOWN = 12;

/** Some of the steps, the chosen one and its neighbours among them. */
function stepTable({ steps, threshold }: Finding, points: readonly RiskPoint[]): string {
  const shown = steps.filter(({ reached }) => reached > 0);
  const every = Math.max(1, Math.ceil(shown.length / ROWS_SHOWN));
  const chosen = shown.findIndex((step) => step.threshold === threshold);
  const rows = shown.flatMap((step, i) => {
    if (i % every !== 0 && Math.abs(i - chosen) > 1) return [];
    const { error = 0, errorAtMost = 1, share = 0 } = points[i] ?? {};
    const cells = [
      step.threshold.toFixed(4),
      percent(share),
      count(step.reached),
      count(step.wrong),
      percent(error, 2),
      percent(errorAtMost, 2),
      step.pValue.toPrecision(2),
      step.holds ? 'holds' : '–',
    ];
    return `<tr${i === chosen ? ' class="chosen"' : ''}>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const heads = ['from', 'answered', 'requests', 'wrong', 'error', 'at most', 'p', 'tested'];
  return `<table><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>\n${rows.join('\n')}</table>
<p><small>“At most” is the exact upper bound of the error for that line alone (Clopper and Pearson); “p” the chance of so few
wrong ones, were the error as large as max_error. Tested from the top down, up to the first that does not hold.</small></p>`;
}
