/**
 * The only reader of the environment. One frozen object, validated at once: every variable at fault is named in one
 * error. `docs/settings.md` lists the same variables, and a test holds the two together.
 */
import { fileURLToPath } from 'node:url';

/** A whole number from the environment, with its bounds. Its name ends in its unit. */
interface NumberRow {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly about: string;
}
interface TextRow {
  readonly default: string;
  readonly about: string;
}

const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const NUMBERS = {
  TIERGATE_PORT: { default: 8080, min: 0, max: 65_535, about: 'Port to serve on; 0 takes a free one.' },
  TIERGATE_BODY_BYTES_MAX: {
    default: 4_194_304,
    min: 1024,
    max: 268_435_456,
    about: 'Largest request body.',
  },
  TIERGATE_BODY_DEPTH_MAX: { default: 64, min: 8, max: 512, about: 'Deepest nesting of a request body.' },
  TIERGATE_UPLOAD_WAIT_MS_MAX: {
    default: 30_000,
    min: 100,
    max: 600_000,
    about: 'Longest wait for a whole request.',
  },
  TIERGATE_REQUESTS_MAX: {
    default: 512,
    min: 1,
    max: 65_536,
    about: 'Most chat requests under way at once.',
  },
  TIERGATE_DETECT_WAIT_MS_MAX: {
    default: 10_000,
    min: 100,
    max: 120_000,
    about: 'Longest search for names in one request; then it goes nowhere.',
  },
  TIERGATE_CLASSIFY_WAIT_MS_MAX: {
    default: 450,
    min: 1,
    max: 60_000,
    about: 'Longest wait for labels; then the request is unclassified.',
  },
  TIERGATE_ENGINE_QUEUE_MAX: { default: 64, min: 1, max: 4096, about: 'Most texts waiting for the encoder.' },
  TIERGATE_ENGINE_THREADS: {
    default: 0,
    min: 0,
    max: 16,
    about:
      'Threads of the encoder: as many texts at once, or a long one on all. 0: one a processor, at most 4.',
  },
  TIERGATE_CONNECT_WAIT_MS_MAX: {
    default: 5_000,
    min: 10,
    max: 60_000,
    about: 'Longest wait for a connection to a model server.',
  },
  TIERGATE_FIRST_BYTE_WAIT_MS_MAX: {
    default: 60_000,
    min: 10,
    max: 600_000,
    about: 'Longest wait for the first byte of an answer.',
  },
  TIERGATE_IDLE_WAIT_MS_MAX: {
    default: 30_000,
    min: 10,
    max: 600_000,
    about: 'Longest silence within an answer.',
  },
  TIERGATE_ATTEMPTS_MAX: {
    default: 2,
    min: 1,
    max: 5,
    about: 'Attempts at each model, before its first byte.',
  },
  TIERGATE_ANSWER_BYTES_MAX: {
    default: 33_554_432,
    min: 1024,
    max: 268_435_456,
    about: 'Largest answer accepted from a model server.',
  },
  TIERGATE_GUARD_WORK_MS_MAX: {
    default: 5_000,
    min: 10,
    max: 60_000,
    about: 'Most work on the last check of one request; then it does not leave.',
  },
  TIERGATE_HANDOFFS_MAX: {
    default: 10_000,
    min: 1,
    max: 10_000_000,
    about: 'Most hand-offs waiting or claimed at once.',
  },
  TIERGATE_HANDOFF_KEEP_DAYS: {
    default: 90,
    min: 1,
    max: 3_650,
    about: 'Days that a resolved hand-off is kept.',
  },
  TIERGATE_FEEDBACK_MAX: {
    default: 100_000,
    min: 1_000,
    max: 10_000_000,
    about: 'Most requests remembered for feedback, without content; the oldest go first.',
  },
  TIERGATE_DRAIN_WAIT_MS_MAX: {
    default: 15_000,
    min: 0,
    max: 600_000,
    about: 'Longest wait for requests under way when shutting down.',
  },
  TIERGATE_LOG_BYTES_MAX: {
    default: 268_435_456,
    min: 65_536,
    max: 1_099_511_627_776,
    about: 'Size at which the decision log begins a new file.',
  },
} as const satisfies Record<string, NumberRow>;

export const TEXTS = {
  TIERGATE_HOST: {
    default: '127.0.0.1',
    about: 'Address to serve on. Anything but loopback needs TIERGATE_KEYS.',
  },
  TIERGATE_KEYS: {
    default: '',
    about: 'File of API keys (YAML). None: one development key, printed at start.',
  },
  TIERGATE_POLICY: { default: root('policies/default.yaml'), about: 'The policy.' },
  TIERGATE_LABELS: {
    default: root('policies/labels'),
    about:
      'Folder of labels: intents as examples (intent.yaml) or trained (intent.safetensors); urgency and difficulty if they are your own.',
  },
  TIERGATE_CALIBRATION: {
    default: '',
    about: 'Folder that `tiergate calibrate` writes to. None: `calibration` in TIERGATE_DATA.',
  },
  TIERGATE_KNOWLEDGE: {
    default: root('policies/knowledge'),
    about: 'Folder of approved answers (Markdown).',
  },
  TIERGATE_MODEL: { default: root('models/tiergate-small-int4'), about: 'Model pack of the encoder.' },
  TIERGATE_KERNEL: {
    default: '',
    about:
      'Kernel of the encoder, such as avx2, or `onnxruntime`. None: the fastest that works on this processor.',
  },
  TIERGATE_PROVIDERS: {
    default: '',
    about:
      'File of model providers (YAML). None: from OPENAI_API_KEY and ANTHROPIC_API_KEY, else the rehearsal.',
  },
  TIERGATE_PRIVATE_HOSTS: {
    default: '',
    about:
      'Hosts of providers, parted by commas, that may be at a private address, such as a private endpoint.',
  },
  TIERGATE_LOCAL_BASE_URL: {
    default: '',
    about: 'OpenAI-compatible server inside the perimeter, such as http://127.0.0.1:11434/v1.',
  },
  TIERGATE_LOCAL_MODEL: { default: '', about: 'The model to ask there.' },
  TIERGATE_DATA: {
    default: root('var'),
    about: 'Folder for the decision log, the hand-off queue and kept policies.',
  },
  TIERGATE_WEBHOOK_URL: { default: '', about: 'Where a new hand-off is announced (signed, no content).' },
  TIERGATE_WEBHOOK_SECRET: {
    default: '',
    about: 'Secret that signs the webhook (`whsec_…`, Standard Webhooks).',
  },
  TIERGATE_CONVERSATION_SECRET: {
    default: '',
    about:
      'Secret that keys placeholders; none: a random one per start. Set it when several instances serve one conversation.',
  },
  TIERGATE_CLOUD_PRICE: {
    default: '',
    about:
      'Price of a million cloud tokens, in and out, such as `2.50/10.00 USD`. None: only tokens avoided are counted.',
  },
  TIERGATE_LOG_LEVEL: { default: 'info', about: 'error, warn, info or debug.' },
} as const satisfies Record<string, TextRow>;

export type Settings = Readonly<Record<keyof typeof NUMBERS, number> & Record<keyof typeof TEXTS, string>> & {
  /** Looks up a secret that a configuration file refers to by the name of its variable. */
  readonly secret: (variable: string) => string | undefined;
};

/** The environment is not usable; `problems` has a sentence for every variable at fault. */
export class SettingsError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Reads and validates the environment. @throws SettingsError naming every variable at fault. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const numbers = Object.entries(NUMBERS).map(([name, row]: [string, NumberRow]) => {
    const raw = env[name];
    const value =
      raw === undefined || raw === '' ? row.default : /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
    // NaN fails both comparisons.
    if (!(value >= row.min && value <= row.max)) {
      problems.push(
        `${name} must be a whole number from ${row.min} to ${row.max}, and is ${JSON.stringify(raw)}.`,
      );
    }
    return [name, value] as const;
  });
  const texts = Object.entries(TEXTS).map(
    ([name, row]: [string, TextRow]) => [name, env[name] || row.default] as const,
  );
  for (const name of Object.keys(env)) {
    if (name.startsWith('TIERGATE_') && !(name in NUMBERS) && !(name in TEXTS))
      problems.push(`${name} is not a setting.`);
  }
  const values = Object.fromEntries([...numbers, ...texts]) as Omit<Settings, 'secret'>;
  if (!['error', 'warn', 'info', 'debug'].includes(values.TIERGATE_LOG_LEVEL)) {
    problems.push('TIERGATE_LOG_LEVEL must be error, warn, info or debug.');
  }
  if ((values.TIERGATE_LOCAL_BASE_URL === '') !== (values.TIERGATE_LOCAL_MODEL === '')) {
    problems.push('TIERGATE_LOCAL_BASE_URL and TIERGATE_LOCAL_MODEL belong together.');
  }
  for (const name of ['TIERGATE_LOCAL_BASE_URL', 'TIERGATE_WEBHOOK_URL'] as const) {
    if (values[name] !== '' && !/^https?:$/.test(URL.parse(values[name])?.protocol ?? '')) {
      problems.push(`${name} must be an http or https address.`);
    }
  }
  if (!/^(?:[a-z0-9.-]{1,253}(?:,|$))*$/.test(values.TIERGATE_PRIVATE_HOSTS)) {
    problems.push('TIERGATE_PRIVATE_HOSTS must be names of hosts in lower case, parted by commas.');
  }
  if (values.TIERGATE_WEBHOOK_URL !== '' && values.TIERGATE_WEBHOOK_SECRET === '') {
    problems.push('TIERGATE_WEBHOOK_URL needs TIERGATE_WEBHOOK_SECRET: webhooks are always signed.');
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze({ ...values, secret: (variable: string) => env[variable] });
}
