/** The message templates that the names model is learned on: what a slot may be called, and that no template stands twice. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const FOLDER = join(import.meta.dirname, '../../../models/recipes/names/templates');
const SLOTS = new Set(
  `person first last prefix initials username org org_short street_address address city region country postcode
  nationality age job date number phone email id product money url`.split(/\s+/),
);

interface Template {
  readonly file: string;
  readonly text: string;
  readonly lang: string;
}

function readTemplates(file: string): Template[] {
  const rows: { text: string; lang?: string }[] = parse(readFileSync(join(FOLDER, file), 'utf8'));
  return rows.map((row) => ({ file, text: row.text, lang: row.lang ?? 'en' }));
}

const slotsOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
const templates = files.flatMap(readTemplates);

describe('templates of the names model', () => {
  test('are all texts with a language', () => {
    const wrong = templates.filter(
      ({ text, lang }) => typeof text !== 'string' || text.trim() === '' || !/^[a-z]{2}$/.test(lang),
    );
    expect(wrong).toEqual([]);
  });

  test('name only slots that can be filled', () => {
    const unknown = templates.filter(({ text }) => slotsOf(text).some((slot) => !SLOTS.has(slot)));
    expect(unknown).toEqual([]);
  });

  test('stand once each', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { file, text } of templates) {
      const key = text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
      if (seen.has(key)) twice.push(`${file} and ${seen.get(key)}: ${text}`);
      seen.set(key, file);
    }
    expect(twice).toEqual([]);
  });

  test('hold no slot where a file promises that none is personal', () => {
    const filled = templates.filter(
      ({ file, text }) => file.startsWith('without-') && slotsOf(text).length > 0,
    );
    expect(filled).toEqual([]);
  });

  test('are many, in many languages, with and without personal data', () => {
    const withSlots = templates.filter(({ text }) => slotsOf(text).length > 0);
    expect(withSlots.length).toBeGreaterThan(1500);
    expect(templates.length - withSlots.length).toBeGreaterThan(500);
    expect(new Set(templates.map(({ lang }) => lang)).size).toBeGreaterThanOrEqual(16);
  });
});
