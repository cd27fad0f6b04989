/**
 * How long a kilobyte takes, all tools in one run and in turns, so that what else the machine does hits them alike. A turn is
 * some texts long: with one each, a tool would find the processor's caches full of the others, which no server has.
 */
import { setTimeout } from 'node:timers/promises';
import { pick, seeded } from '../reading/random.ts';
import { MADE_KINDS } from './values/kinds.ts';

export interface Timed {
  readonly name: string;
  /** Looks through a text, and is done when what it returns is. */
  readonly run: (text: string) => unknown;
}

export interface Speed {
  readonly name: string;
  /** Milliseconds for a kilobyte. */
  readonly median: number;
  readonly ninetieth: number;
}

const TEXT_CHARS = 1_024;
/** Seen before the clock runs: by then the engine has compiled what runs often. */
const WARM_TEXTS = 2_000;
/** Texts that a tool sees before it is the next one's turn. */
const TURN_TEXTS = 50;
/** Before a turn, so that no tool pays for the garbage of the one before. */
const SETTLE_MS = 30;

const SENTENCES = [
  'I ordered a pair of running shoes on Monday and the tracking page has not changed since.',
  'Could you please check whether the refund has been issued, and if so, to which account?',
  'The app crashes every time I open the settings page, version 4.12.1 on Android 14.',
  'We were charged twice for the March invoice, once $249.00 and once $251.50.',
  'Your colleague promised a call back within two hours, but nobody called.',
  'Everything worked until the last update; now the login button does nothing at all.',
  'Please send the replacement to the same address as last time, the order is 81-204417.',
  'It is not urgent, but it would be good to have an answer before the end of the week.',
  'If there is a form that I have to fill in, just send me the link.',
  'Thanks a lot for your help, the last agent was very friendly.',
];

/**
 * So many different texts of a kilobyte, English support with a few numbers and two personal values: a text that comes
 * again would be remembered.
 */
export function supportTexts(count: number): string[] {
  const random = seeded('support texts');
  const [mail, phone] = MADE_KINDS.filter(({ kind }) => kind === 'EMAIL_ADDRESS' || kind === 'PHONE_NUMBER');
  return Array.from({ length: count }, () => {
    let text = `My e-mail is ${mail?.value(random)} and my number ${phone?.value(random)}. `;
    while (text.length < TEXT_CHARS) text += `${pick(SENTENCES, random)} `;
    // As the parsing of a body leaves it: pieced together, a text is slower to read.
    return JSON.parse(JSON.stringify(text.slice(0, TEXT_CHARS))) as string;
  });
}

/** @param count how many texts each tool sees */
export async function measureSpeed(tools: readonly Timed[], count: number): Promise<Speed[]> {
  const times = new Map(tools.map(({ name }) => [name, [] as number[]]));
  const texts = supportTexts(count + WARM_TEXTS);
  for (let first = 0, turn = 0; first < texts.length; first += TURN_TEXTS, turn++) {
    // Another tool begins each time.
    for (const step of tools.keys()) {
      const tool = tools[(step + turn) % tools.length];
      if (tool === undefined) continue;
      await setTimeout(SETTLE_MS);
      for (const [at, text] of texts.slice(first, first + TURN_TEXTS).entries()) {
        const start = performance.now();
        await tool.run(text);
        if (first + at >= WARM_TEXTS) times.get(tool.name)?.push(performance.now() - start);
      }
    }
  }
  return tools.map(({ name }) => {
    const sorted = (times.get(name) ?? []).sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
    return { name, median: at(0.5), ninetieth: at(0.9) };
  });
}
