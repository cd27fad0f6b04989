import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ARTICLE_BYTES_MAX, ArticlesError, loadArticles } from '../../src/answer/articles.ts';
import { parseArticle } from '../../src/answer/front-matter.ts';

const GOOD = `---
title: Returning an item
questions:
  - How do I return something?
intent: return_item
approved_by: Head of Customer Care
approved_on: 2026-09-02
---
Send it back within 30 days.
`;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'articles-'));
});
afterEach(() => rm(folder, { recursive: true }));

const put = (name: string, content: string | Buffer): Promise<void> => writeFile(join(folder, name), content);

async function problems(): Promise<string[]> {
  const error = await loadArticles(folder).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArticlesError);
  return (error as ArticlesError).problems.map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
}

describe('a good folder', () => {
  test('gives articles with all they say, sorted by file name', async () => {
    await put('b.md', GOOD.replace('Returning an item', 'Another'));
    await put('a.md', GOOD);
    await put('notes.txt', 'not an article');
    const { articles, revision } = await loadArticles(folder);
    expect(articles.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(articles[0]).toEqual({
      id: 'a',
      title: 'Returning an item',
      questions: ['How do I return something?'],
      intents: ['return_item'],
      approvedBy: 'Head of Customer Care',
      approvedOn: '2026-09-02',
      language: 'en',
      text: 'Send it back within 30 days.',
      passages: ['Send it back within 30 days.'],
    });
    expect(Object.isFrozen(articles[0]) && Object.isFrozen(articles[0]?.questions)).toBe(true);
    expect(revision).toMatch(/^[0-9a-f]{12}$/);
  });

  test('has another revision after an edit', async () => {
    await put('a.md', GOOD);
    const before = await loadArticles(folder);
    await put('a.md', GOOD.replace('30 days', '60 days'));
    expect((await loadArticles(folder)).revision).not.toBe(before.revision);
  });

  test('may have Windows line ends and a byte order mark', async () => {
    await put('a.md', `\uFEFF${GOOD.replaceAll('\n', '\r\n')}`);
    expect((await loadArticles(folder)).articles[0]?.text).toBe('Send it back within 30 days.');
  });

  test('cuts long texts at paragraphs', async () => {
    const paragraph = 'word '.repeat(80).trim();
    await put('a.md', `${GOOD}\n${paragraph}\n\n${paragraph}\n`);
    const [article] = (await loadArticles(folder)).articles;
    expect(article?.passages).toEqual([`Send it back within 30 days.\n\n${paragraph}`, paragraph]);
  });
});

describe('a bad folder', () => {
  test('reports every problem of every file with its place', async () => {
    await put('a.md', GOOD.replace('title: Returning an item', 'titel: Returning an item'));
    await put('b.md', GOOD.replace('2026-09-02', '2026-02-30').replace('return_item', 'Return Item'));
    await put('c.md', GOOD.replace('  - How do I return something?', '  - 42\n  - Why?\n  - Why?'));
    await put('d.md', 'Just text.\n');
    await put('e.md', '---\ntitle: No end\n');
    await put('f.md', GOOD.slice(0, GOOD.indexOf('Send')));
    await put('g.md', GOOD.replace('title: Returning', 'title: "Returning'));
    expect(await problems()).toEqual([
      'a.md:2:1: "titel" is not a key of an article; these are: title, questions, intent, approved_by, approved_on, language.',
      'a.md:2:1: The key "title" is missing.',
      'b.md:5:9: "Return Item" cannot be an intent: use small letters, digits and _.',
      'b.md:7:14: "approved_on" must be a date such as 2026-03-31.',
      'c.md:4:5: Each entry of "questions" must be text. Put it in quotes if YAML reads it otherwise.',
      'c.md:6:5: This entry of "questions" is there twice.',
      'd.md:1:1: The file must begin with front matter: a line of three hyphens, ---.',
      'e.md:1:1: The front matter does not end: a second line of three hyphens, ---, is missing.',
      'f.md:8:1: There is no text below the front matter.',
      expect.stringMatching(/^g\.md:\d+:\d+: .*quote/),
    ]);
  });

  test('names the first article with the same title', async () => {
    await put('a.md', GOOD);
    await put('b.md', GOOD.replace('Returning an item', 'returning an ITEM'));
    expect(await problems()).toEqual(['b.md:1:1: The title is that of a.md already.']);
  });

  test('may be missing, empty, or hold a file that is no text or too large', async () => {
    expect(await problems()).toEqual([expect.stringContaining('There is no article')]);
    await put('a.md', Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff]));
    await put('b.md', Buffer.alloc(ARTICLE_BYTES_MAX + 1, 'a'));
    expect(await problems()).toEqual([
      'a.md:1:1: The file is not UTF-8.',
      'b.md:1:1: The file has 65537 bytes, and 65536 is the limit.',
    ]);
    await expect(loadArticles(join(folder, 'nowhere'))).rejects.toThrow('The folder cannot be read.');
  });
});

test('any front matter at all gives an article or problems, and never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (yaml, text) => {
      const { article, problems: found } = parseArticle(`---\n${yaml}\n---\n${text}`);
      expect(article === null).toBe(found.length > 0);
    }),
  );
});

test('the sample knowledge base uses intents of the labels file only, and covers them all', async () => {
  const root = new URL('../../policies/', import.meta.url).pathname;
  const labels = parse(await readFile(join(root, 'labels/intent.yaml'), 'utf8')) as { labels: object };
  const { articles } = await loadArticles(join(root, 'knowledge'));
  const used = new Set(articles.flatMap(({ intents }) => intents));
  const known = Object.keys(labels.labels);
  expect([...used].filter((intent) => !known.includes(intent))).toEqual([]);
  expect(articles.length).toBeGreaterThanOrEqual(40);
  for (const { id, questions, text } of articles) {
    const words = text.split(/\s+/).length;
    expect([id, questions.length >= 4 && questions.length <= 8, words >= 60 && words <= 185]).toEqual([
      id,
      true,
      true,
    ]);
  }
});
