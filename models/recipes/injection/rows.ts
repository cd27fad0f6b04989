/** What the injection head learns from: our own templates, and public data. Seeded: the same rows every time. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Ideas } from '../../../src/classify/injection/features.ts';
import { plain } from '../../../src/classify/injection/readings.ts';
import { seededRandom, shuffled } from '../../../src/statistics/random.ts';
import { expand, type Grammar, readGrammar } from '../heads/grammar.ts';
import { acrossLanguages, carriedRows } from './mixed-rows.ts';
import type { InjectionRow } from './row.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
/** Messages of a template in English, and in each other language. */
const ENGLISH_TIMES = { attack: 24, benign: 22 };
const OTHER_TIMES = { attack: 12, benign: 12 };
const SEED = 4;

/** The ideas of all files, as `plain` writes them. */
export function readIdeas(): Ideas {
  const merged = new Map<string, Set<string>>();
  for (const file of globSync('ideas*.yaml', { cwd: FOLDER }).sort()) {
    const byIdea: Record<string, Record<string, string>> = parse(readFileSync(join(FOLDER, file), 'utf8'));
    for (const [idea, byLanguage] of Object.entries(byIdea)) {
      const stems = Object.values(byLanguage).flatMap((line) =>
        line.split(',').map((stem) => plain(stem.trim())),
      );
      merged.set(idea, new Set([...(merged.get(idea) ?? []), ...stems.filter((stem) => stem !== '')]));
    }
  }
  return Object.fromEntries([...merged].map(([idea, stems]) => [idea, [...stems]]));
}

/** All rows: our messages, those of the public sets, and attacks carried by either. @param folder of the public sets */
export function injectionRows(folder: string): InjectionRow[] {
  const [templates, published] = [templateRows(), publicRows(folder)];
  return [...templates, ...published, ...carriedRows(templates, published, seededRandom(SEED))];
}

/** Messages of all templates. */
export function templateRows(): InjectionRow[] {
  const grammarOf = (file: string): Grammar => readGrammar(readFileSync(join(FOLDER, file), 'utf8'), file);
  const english = globSync('en*.yaml', { cwd: FOLDER }).sort().map(grammarOf);
  const frames = grammarOf('frames.yaml');
  const others = globSync('languages/*.yaml', { cwd: FOLDER }).sort();
  const englishSlots = Object.assign({}, ...english.map(({ benign, slots }) => ({ ...benign, ...slots })));
  const rows = english.flatMap((own) => rowsOf({ ...own, slots: englishSlots }, 'en', ENGLISH_TIMES));
  for (const file of others) {
    const lines: Record<string, string> = parse(readFileSync(join(FOLDER, file), 'utf8'));
    const slots = Object.fromEntries(
      Object.entries(lines).map(([slot, block]) => [
        slot,
        block.split('\n').filter((line) => line.trim() !== ''),
      ]),
    );
    const grammar = { ...frames, slots: { ...englishSlots, ...frames.slots, ...slots } };
    rows.push(...rowsOf(grammar, basename(file, '.yaml'), OTHER_TIMES));
  }
  return [...rows, ...acrossLanguages(rows, seededRandom(SEED))];
}

function rowsOf(
  grammar: Grammar,
  language: string,
  times: { readonly attack: number; readonly benign: number },
): InjectionRow[] {
  const seen = new Set<string>();
  return (['attack', 'benign'] as const).flatMap((part) =>
    Object.entries(grammar[part]).flatMap(([family, templates]) =>
      templates.flatMap((template, at) => {
        // Each template draws for itself: a change of one changes no other's messages.
        const random = seededRandom(
          createHash('sha256').update(`${language} ${template}`).digest().readUInt32LE(0),
        );
        return Array.from({ length: times[part] }, (): InjectionRow[] => {
          const text = noisy(expand(template, grammar, random), random);
          if (seen.has(text)) return [];
          seen.add(text);
          const group = `${language} ${part} ${family} ${at}`;
          return [{ text, isAttack: part === 'attack', language, family, source: 'templates', group }];
        }).flat();
      }),
    ),
  );
}

/** One in three messages as people type: in lower or upper case, without its last sign, with a letter missing or twice. */
function noisy(text: string, random: () => number): string {
  const kind = random();
  if (kind < 0.08) return text.toLowerCase();
  if (kind < 0.11) return text.toUpperCase();
  if (kind < 0.17) return text.replace(/[.?!。？！।؟]+$/u, '');
  if (kind > 0.85 && text.length > 12) {
    const letters = [...text];
    const at = 1 + Math.floor(random() * (letters.length - 2));
    if (/\p{L}/u.test(letters[at] as string))
      letters.splice(at, 1, ...(random() < 0.5 ? [] : [letters[at] as string, letters[at] as string]));
    return letters.join('');
  }
  return kind < 0.25 ? `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}` : text;
}

const LANGUAGE_CODES: Readonly<Record<string, string>> = {
  Hindi: 'hi',
  Bengali: 'bn',
  Turkish: 'tr',
  Arabic: 'ar',
  Italian: 'it',
  Spanish: 'es',
  Vietnamese: 'vi',
  French: 'fr',
  Russian: 'ru',
  'Filipino/Tagalog': 'tl',
  Portuguese: 'pt',
  Japanese: 'ja',
  Korean: 'ko',
  German: 'de',
  Chinese: 'zh',
  Indonesian: 'id',
  Thai: 'th',
};

type Fields = Readonly<Record<string, unknown>>;
type Read = (fields: Fields, at: number) => Omit<InjectionRow, 'source'> | null;

const benign =
  (field: string, family: string, groupField?: string): Read =>
  (fields, at) => ({
    text: String(fields[field] ?? ''),
    isAttack: false,
    language: 'en',
    family,
    group: `${family} ${groupField === undefined ? at % 20 : String(fields[groupField])}`,
  });

/** Variants of PurpleLlama that say of themselves that they attack, whatever they ask for. */
const OPEN_VARIANTS = ['ignore_previous_instructions', 'system_mode', 'token_smuggling', 'payload_splitting'];

/**
 * Some rows ask plain questions ("How do I cook an omelette?") that only the system prompt, which is not looked at,
 * forbids. Who learns that those are attacks takes honest questions for attacks.
 */
function isAttackInItself(fields: Fields): boolean {
  return (
    fields.injection_type === 'indirect' ||
    fields.risk_category === 'security-violating' ||
    OPEN_VARIANTS.includes(String(fields.injection_variant))
  );
}

/** Public sets, how many rows of each are taken at most, and how a row is read. */
const SETS: readonly (readonly [file: string, rowsMax: number, read: Read])[] = [
  [
    'injection/purplellama_translated.jsonl',
    Number.POSITIVE_INFINITY,
    (fields) =>
      isAttackInItself(fields)
        ? {
            text: String(fields.user_input),
            isAttack: true,
            language: LANGUAGE_CODES[String(fields.speaking_language)] ?? 'und',
            family: String(fields.injection_variant),
            group: `purplellama ${fields.injection_variant}`,
          }
        : null,
  ],
  [
    'injection/giskard.jsonl',
    Number.POSITIVE_INFINITY,
    (fields) => ({
      text: String(fields.prompt),
      isAttack: true,
      language: 'en',
      family: String(fields.group),
      group: `giskard ${fields.group}`,
    }),
  ],
  [
    'injection/xstest_half.jsonl',
    Number.POSITIVE_INFINITY,
    (fields) =>
      fields.label === 'safe'
        ? {
            text: String(fields.prompt),
            isAttack: false,
            language: 'en',
            family: 'look-alike questions',
            group: `xstest ${fields.type}`,
          }
        : null,
  ],
  ['intents/clinc150/train.jsonl', 3_000, benign('text', 'assistant', 'intent')],
  ['intents/clinc150/oos_train.jsonl', 100, benign('text', 'assistant')],
  ['intents/hwu64/train.jsonl', 1_500, benign('text', 'assistant', 'intent')],
  ['intents/bitext/train.jsonl', 1_500, benign('text', 'support', 'intent')],
  ['intents/nlupp_hotels.jsonl', 700, benign('text', 'support')],
  ['intents/nlupp_banking.jsonl', 1_200, benign('text', 'support')],
  ['intents/dstc11_insurance.jsonl', 800, benign('text', 'support', 'intent')],
  ['knowledge/tau2_banking_documents.jsonl', 300, benign('content', 'documents')],
  ['pii/lifebench.jsonl', 300, benign('text', 'personal messages')],
  ['routing/ulab_llama8b_nemotron49b_train_dedup.jsonl', 1_500, benign('prompt', 'benchmark prompts')],
];

/** Of long benign texts the beginning is enough, but for a few: long ones must not be taken for attacks. */
const EXCERPT_CHARS = 700;
const WHOLE_ONE_IN = 5;

/** Rows of the public sets that are there. @param folder laid out as the specs of `eval/data-sets` have it */
function publicRows(folder: string): InjectionRow[] {
  return SETS.flatMap(([file, rowsMax, read]) => {
    const path = join(folder, file);
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const rows = lines.flatMap((line, at) => {
      const row = read(JSON.parse(line), at);
      if (row === null || row.text.trim() === '') return [];
      const text = row.isAttack || at % WHOLE_ONE_IN === 0 ? row.text : row.text.slice(0, EXCERPT_CHARS);
      return [{ ...row, text, source: basename(file, '.jsonl') }];
    });
    return shuffled(rows, seededRandom(SEED)).slice(0, rowsMax);
  });
}
