/**
 * Loads the knowledge base: a folder of Markdown files, each one answer that somebody has approved. Every problem of
 * every file is reported at once, with its place; a folder with a problem is not used at all.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TextDecoder } from 'node:util';
import { type FrontMatter, parseArticle } from './front-matter.ts';

/** Most articles of a folder. */
export const ARTICLES_MAX = 2000;
/** Largest article file, in bytes. */
export const ARTICLE_BYTES_MAX = 65_536;
/** A passage is embedded as one; longer bodies are cut at paragraphs. About 150 tokens, where the encoder is at its best. */
const PASSAGE_CHARS_MAX = 600;

/** One approved answer. */
export interface Article extends FrontMatter {
  /** The file's name without `.md`: what records and policies call the article. */
  readonly id: string;
  /** The approved text, Markdown, as written. */
  readonly text: string;
  /** The text in pieces of a size that the encoder reads well. */
  readonly passages: readonly string[];
}

/** A folder of articles as it was at one moment. Immutable. */
export interface ArticleFolder {
  readonly articles: readonly Article[];
  /** SHA-256 over all files' names and bytes, first 12 hex digits. */
  readonly revision: string;
}

/** Something wrong with an article. Lines and columns count from 1. */
export interface ArticleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The knowledge base cannot be used; `problems` says all that is wrong with it. */
export class ArticlesError extends Error {
  readonly problems: readonly ArticleProblem[];
  constructor(problems: readonly ArticleProblem[]) {
    const lines = problems.map(
      ({ file, line, column, message }) => `  ${file}:${line}:${column}: ${message}`,
    );
    super(`The knowledge base is not usable:\n${lines.join('\n')}`);
    this.name = 'ArticlesError';
    this.problems = problems;
  }
}

/** Reads every `.md` file of the folder, but no sub-folder. @throws ArticlesError naming every problem with its place. */
export async function loadArticles(folder: string): Promise<ArticleFolder> {
  const problems: ArticleProblem[] = [];
  const problem = (file: string, message: string, line = 1, column = 1): void => {
    problems.push({ file, line, column, message });
  };
  const names = await markdownFiles(folder).catch(() => {
    throw new ArticlesError([{ file: folder, line: 1, column: 1, message: 'The folder cannot be read.' }]);
  });
  if (names.length === 0)
    problem(folder, 'There is no article (a file whose name ends in .md) in this folder.');
  if (names.length > ARTICLES_MAX) {
    problem(folder, `There are ${names.length} articles, and ${ARTICLES_MAX} is the limit.`);
    throw new ArticlesError(problems);
  }
  const hash = createHash('sha256');
  const articles: Article[] = [];
  for (const name of names) {
    const bytes = await articleBytes(join(folder, name));
    if (typeof bytes === 'string') {
      problem(name, bytes);
      continue;
    }
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    const parsed = parseArticle(decode(bytes));
    for (const each of parsed.problems) problem(name, each.message, each.line, each.column);
    if (parsed.article) articles.push(freeze(name, parsed.article));
  }
  for (const [id, first] of duplicateTitles(articles))
    problem(`${id}.md`, `The title is that of ${first}.md already.`);
  if (problems.length > 0) throw new ArticlesError(problems);
  return Object.freeze({ articles: Object.freeze(articles), revision: hash.digest('hex').slice(0, 12) });
}

async function markdownFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.md') && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/** A file's bytes, or what is wrong with it. */
async function articleBytes(path: string): Promise<Buffer | string> {
  try {
    const { size } = await stat(path);
    if (size > ARTICLE_BYTES_MAX) return `The file has ${size} bytes, and ${ARTICLE_BYTES_MAX} is the limit.`;
    return await readFile(path);
  } catch {
    return 'The file cannot be read.';
  }
}

/** Text of the bytes; null if they are not UTF-8. Windows line ends become plain ones. */
function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    return null;
  }
}

function freeze(name: string, parsed: FrontMatter & { readonly text: string }): Article {
  return Object.freeze({
    ...parsed,
    id: basename(name, '.md'),
    questions: Object.freeze([...parsed.questions]),
    intents: Object.freeze([...parsed.intents]),
    passages: Object.freeze(cutIntoPassages(parsed.text)),
  });
}

/** Joins paragraphs to passages of at most `PASSAGE_CHARS_MAX`; a longer paragraph stays whole. */
function cutIntoPassages(text: string): string[] {
  const passages: string[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + paragraph.length <= PASSAGE_CHARS_MAX) {
      passages[passages.length - 1] = `${last}\n\n${paragraph}`;
    } else {
      passages.push(paragraph);
    }
  }
  return passages;
}

/** Articles whose title another has already, with that other one. */
function duplicateTitles(articles: readonly Article[]): [string, string][] {
  const firstWith = new Map<string, string>();
  const found: [string, string][] = [];
  for (const { id, title } of articles) {
    const key = title.toLowerCase();
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, id);
    else found.push([id, first]);
  }
  return found;
}
