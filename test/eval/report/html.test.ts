import { expect, test } from '@jest/globals';
import { reportHtml } from '../../../eval/report/html.ts';
import { everything, results } from './results.ts';

const html = reportHtml(results);

test('the report stands alone: no script, nothing from elsewhere', () => {
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(|src=/);
  expect(html).not.toMatch(/https?:\/\//);
});

test('what was measured is in it, what was not is said', () => {
  for (const id of ['accuracy', 'strangers', 'answers', 'difficulty', 'fairness', 'data']) {
    expect(html).toContain(`<section id="${id}">`);
  }
  expect(html).not.toContain('<section id="injection">');
  expect(html).toContain('injection: there is no data set in injection/.');
  expect(html).toContain('91.6 ± 0.5');
  expect(html).toContain('I am B');
});

test('a set that an encoder learned from is marked', () => {
  expect(html).toContain('<td>91.6 ± 0.5 †</td><td>91.6 ± 0.5</td>');
});

test('names are escaped, and no figure is missing by mistake', () => {
  expect(html).not.toContain('pack <one>');
  expect(html).toContain('pack &#60;one&#62;');
  expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
});

test('plots are well-formed', () => {
  const plots = html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
  expect(plots.length).toBeGreaterThanOrEqual(8);
  for (const plot of plots) {
    const opened = plot.match(/<(svg|text|title|rect|circle|line|polyline)\b/g) ?? [];
    const closed = plot.match(/<\/(svg|text|title|rect|circle|line|polyline)>|\/>/g) ?? [];
    expect(closed).toHaveLength(opened.length);
  }
});

test('every section has its figures', () => {
  const whole = reportHtml(everything);
  for (const id of ['slices', 'injection']) expect(whole).toContain(`<section id="${id}">`);
  expect(whole).toContain('90.0 (70); 6.0');
  expect(whole).toContain('100.0 (88.6 to 100.0)');
  expect(whole).toContain('Thai');
  expect(whole).not.toMatch(/NaN|undefined|Infinity|\[object|Not measured/);
});
