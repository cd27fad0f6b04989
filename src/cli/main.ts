/**
 * `npm run tiergate -- VERB …`: the tools beside the server. One file a verb; each gives its exit code.
 */
import * as calibrate from './calibrate.ts';
import * as classify from './classify.ts';
import * as keyNew from './key-new.ts';
import * as logReplay from './log-replay.ts';
import * as logVerify from './log-verify.ts';
import * as modelQuantize from './model-quantize.ts';
import * as policyCheck from './policy-check.ts';
import * as redact from './redact.ts';
import * as reportPersonal from './report-personal.ts';
import * as train from './train.ts';

interface Verb {
  /** Its arguments. */
  readonly usage: string;
  /** What it does, in a line. */
  readonly about: string;
  run(args: readonly string[]): Promise<number>;
}

const VERBS: Readonly<Record<string, Verb>> = {
  train,
  classify,
  redact,
  calibrate,
  'key new': keyNew,
  'policy check': policyCheck,
  'log verify': logVerify,
  'log replay': logReplay,
  'report personal': reportPersonal,
  'model quantize': modelQuantize,
};

const words = process.argv.slice(2);
const isSaid = (name: string): boolean => name.split(' ').every((word, at) => words[at] === word);
const [name = '', verb] = Object.entries(VERBS).find(([each]) => isSaid(each)) ?? [];
if (verb === undefined) {
  const isHelp = ['', 'help', '--help', '-h'].includes(words[0] ?? '');
  const lines = Object.entries(VERBS).map(([each, { usage, about }]) => `  ${each} ${usage}\n      ${about}`);
  process[isHelp ? 'stdout' : 'stderr'].write(`npm run tiergate -- VERB …\n\n${lines.join('\n')}\n`);
  process.exitCode = isHelp ? 0 : 1;
} else {
  process.exitCode = await verb.run(words.slice(name.split(' ').length)).catch((error: unknown) => {
    process.stderr.write(`tiergate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
