/** `tiergate redact`: any text with its personal data replaced, as it would leave, and what was found in it. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { compilePolicy } from '../policy/compile.ts';
import { errnoOf } from '../record/log.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { PersonalRules } from '../shapes.ts';
import { openDetect } from './open-detect.ts';
import { Explanations } from './redact-explain.ts';
import { redactLines } from './redact-lines.ts';
import { type RedactPlain, redactPlain } from './redact-plain.ts';
import { createRedactText, type RedactExit, UnreadableInput } from './redact-text.ts';
import { readerIsGone, send } from './standard-streams.ts';

export const usage = '[FILE …] [--explain] [--format json|human] [--policy FILE] [--tenant NAME]';
export const about =
  'replaces personal data in text, or in JSON Lines of {"text": …}, from files or standard input';

export async function run(args: readonly string[]): Promise<RedactExit> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      explain: { type: 'boolean', default: false },
      format: { type: 'string', default: 'human' },
      policy: { type: 'string' },
      tenant: { type: 'string', default: '' },
    },
    allowPositionals: true,
  });
  const { format, explain, tenant } = values;
  if (format !== 'json' && format !== 'human')
    throw new Error(`--format must be json or human; not ${format}.`);
  const settings = readSettings(process.env);
  const rules = await rulesOf(values.policy ?? settings.TIERGATE_POLICY, tenant);
  const { detect, close } = await openDetect(settings);
  const options: RedactPlain = {
    redactText: createRedactText(detect, { rules, tenant, secret: secretOf(settings) }),
    complain: (sentence) => void process.stderr.write(`${sentence}\n`),
    explanations: explain ? new Explanations() : null,
  };
  try {
    const done = redactAll(positionals, format, options);
    return await Promise.race([done, readerIsGone(process.stdout)]);
  } finally {
    await close();
  }
}

/** Placeholders of one run are the same for the same value. Those of another run are not, unless a secret is set. */
const secretOf = (settings: Settings): string =>
  settings.TIERGATE_CONVERSATION_SECRET || randomBytes(32).toString('hex');

/** What the policy says of personal data. Its other words are for the server to check: they take no part here. */
async function rulesOf(file: string, tenant: string): Promise<PersonalRules> {
  const source = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`The policy ${file} cannot be read (${errnoOf(error) ?? 'UNKNOWN'}).`);
  });
  return compilePolicy(source, file, {}).personalRules(tenant);
}

async function redactAll(
  files: readonly string[],
  format: 'json' | 'human',
  options: RedactPlain,
): Promise<RedactExit> {
  let exit: RedactExit = 0;
  const { stdin, stdout, stderr } = process;
  if (files.length === 0 && stdin.isTTY)
    stderr.write('Type or paste text. A line ends with Enter, all with Ctrl-D.\n');
  for (const file of files.length === 0 ? ['-'] : files) {
    const input =
      file === '-'
        ? { name: 'stdin', from: stdin, isTyped: stdin.isTTY }
        : { name: file, from: readable(file), isTyped: false };
    const redactOne = format === 'json' ? redactLines : redactPlain;
    const one = await redactOne(input, stdout, options).catch((thrown: unknown) => {
      if (!(thrown instanceof UnreadableInput)) throw thrown;
      options.complain(thrown.message);
      return 3 as const;
    });
    if (one !== 0) exit = one;
  }
  if (format === 'human' && options.explanations !== null) await send(stdout, options.explanations.summary());
  return exit;
}

async function* readable(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new UnreadableInput(`${file} cannot be read (${errnoOf(error) ?? 'UNKNOWN'}).`, { cause: error });
  }
}
