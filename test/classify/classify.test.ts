import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auroc } from '../../eval/measures/ranking.ts';
import { type Classify, createClassify } from '../../src/classify/classify.ts';
import { type Labels, readLabels } from '../../src/classify/labels/labels.ts';
import { type Encoder, EncoderBusy } from '../../src/engine/encoder.ts';
import { createNativeEncoder } from '../../src/engine/native/native-encoder.ts';
import { readSettings } from '../../src/settings.ts';
import type { Classification } from '../../src/shapes.ts';

const settings = readSettings({});
/** Long, so that a busy machine makes no test fail. */
const WAIT_MS = 20_000;

let encoder: Encoder;
let labels: Labels;
let classify: Classify;

beforeAll(async () => {
  encoder = await createNativeEncoder({ modelFolder: settings.TIERGATE_MODEL, queueMax: 64, threads: 1 });
  labels = await readLabels(settings.TIERGATE_LABELS);
  classify = await createClassify({ encoder, labels, waitMsMax: WAIT_MS });
}, 60_000);
afterAll(() => encoder.close());

async function labelled(text: string): Promise<Classification> {
  const result = await classify.classify(text);
  if (result.status !== 'classified') throw new Error(result.reason);
  return result;
}

/** Messages that are in no labels file. */
const UNSEEN: readonly (readonly [string, string])[] = [
  ['order_status', 'my order hasnt turned up yet, when will it be here'],
  ['order_status', 'Can you tell me if order 7781 has been dispatched?'],
  ['cancel_order', 'please cancel the order i made yesterday'],
  ['cancel_order', 'How can I cancel order 12345?'],
  ['change_order', 'I need to change the address on the order I just placed'],
  ['change_order', 'add one more towel to my order please'],
  ['delivery_options', 'what does delivery to Finland cost?'],
  ['delivery_options', 'Do you offer express delivery?'],
  ['delivery_problem', 'It says my parcel was delivered, but I never got it'],
  ['return_item', "I'd like to return the shirt I bought"],
  ['return_item', 'what is the deadline for returning goods'],
  ['refund_status', 'where is my refund'],
  ['refund_status', 'I sent it back ten days ago, when will the refund arrive?'],
  ['exchange_item', 'Could I exchange these boots for another size?'],
  ['damaged_item', 'the plate was broken when I opened the parcel'],
  ['payment_methods', 'Do you accept Mastercard?'],
  ['payment_methods', 'is paypal ok for paying'],
  ['payment_problem', 'my payment was declined at checkout'],
  ['double_charge', 'my card was charged two times'],
  ['invoice_request', 'please email me the invoice for order 991'],
  ['discount_code', 'the voucher code is not being accepted'],
  ['gift_card', 'how much is left on my gift card?'],
  ['login_problem', 'I forgot my password and cannot sign in'],
  ['change_account_details', 'how do i update the email address of my account'],
  ['delete_account', 'please delete my account and my data'],
  ['account_security', 'I think my account was hacked'],
  ['product_question', 'Is the watch waterproof down to 50 metres?'],
  ['stock_availability', 'when will the red sneakers be back in stock'],
  ['size_advice', 'what size do I need if I am 165 cm tall'],
  ['warranty_repair', 'my toaster died after ten months, does the warranty cover that?'],
  ['subscription', 'I want to pause my subscription'],
  ['newsletter', 'please unsubscribe me from the mailing list'],
  ['contact_hours', 'what time do you open on Saturdays?'],
  ['speak_to_person', 'can I talk to a real human'],
  ['complaint', 'I want to complain about the terrible service'],
];

const STRANGE = [
  'Write a function in Rust that sorts a vector of tuples',
  'What is the boiling point of nitrogen?',
  'compose a sonnet about the sea',
  'my knee hurts when I run, what should I do',
  'Translate this contract into Portuguese',
  'who was the first woman in space',
  'what should I wear to a job interview in a bank',
  'book me a flight to Oslo next Tuesday',
  'explain how a nuclear reactor works',
  'what is 384 divided by 12',
  'summarise the meeting notes below',
  'why is my Kubernetes pod stuck in CrashLoopBackOff',
];

describe('with the shipped model and labels', () => {
  test('names the intent of messages it has not seen', async () => {
    const wrong: string[] = [];
    for (const [intent, text] of UNSEEN) {
      const result = await labelled(text);
      if (result.intent !== intent) wrong.push(`${text}: ${result.intent}`);
    }
    expect(wrong.length).toBeLessThanOrEqual(3);
  });

  test('does not trust an intent for what the shop knows nothing about', async () => {
    const confident: string[] = [];
    for (const text of STRANGE) {
      const { intent, confidence } = await labelled(text);
      if (confidence > 0.5) confident.push(`${text}: ${intent} ${confidence}`);
    }
    // One of twelve may look like a product question.
    expect(confident.slice(1)).toEqual([]);
  });

  test('is surer where it is right', async () => {
    const known = await Promise.all(UNSEEN.map(([, text]) => labelled(text)));
    const strange = await Promise.all(STRANGE.map(labelled));
    const scores = known.map(({ confidence }) => confidence);
    const right = scores.filter((_, i) => known[i]?.intent === UNSEEN[i]?.[0]);
    const wrong = scores.filter((_, i) => known[i]?.intent !== UNSEEN[i]?.[0]);
    expect(auroc(right, [...wrong, ...strange.map(({ confidence }) => confidence)])).toBeGreaterThan(0.95);
  });

  test('tells urgency, difficulty and language', async () => {
    expect(await labelled('The battery of your e-bike is on fire in my hallway!')).toMatchObject({
      urgency: 'critical',
      language: 'en',
      windows: 1,
      truncated: false,
    });
    const easy = await labelled('Do you accept Mastercard?');
    const hard = await labelled(
      'Compare the two contracts below clause by clause, calculate what each costs over five years, and argue which one we should sign.',
    );
    expect(easy.difficulty).toBeLessThan(0.3);
    expect(hard.difficulty).toBeGreaterThan(0.7);
  });

  test('learns the same from the same', async () => {
    const again = await createClassify({ encoder, labels, waitMsMax: WAIT_MS });
    expect(again.revision).toBe(classify.revision);
    const text = 'my parcel never came and I want my money back';
    expect(await again.classify(text)).toEqual(await classify.classify(text));
  });
});

describe('never throws', () => {
  /** The real encoder for learning, and another way of embedding one text. */
  async function withEmbed(embed: Encoder['embed'], waitMsMax = WAIT_MS): Promise<Classify> {
    // One example of each kind embeds fast; what is learned does not matter here.
    const small = (set: Labels['intent'], kept: number): Labels['intent'] => ({
      ...set,
      names: set.names.slice(0, kept),
      examples: set.examples.filter(({ label }) => label < kept),
      outOfScope: [],
    });
    const few = { ...labels, intent: small(labels.intent, 3) };
    const vectors: Encoder['embedAll'] = async (texts) =>
      texts.map((_, n) => {
        const vector = Float32Array.from({ length: 8 }, (_each, d) => Math.sin(n * 7 + d * 3));
        return { vector, tokens: 1, windows: 1, truncated: false };
      });
    return createClassify({
      encoder: {
        dimensions: 8,
        revision: 'test',
        engine: 'fake',
        embed,
        embedAll: vectors,
        close: async () => {},
      },
      labels: few,
      waitMsMax,
    });
  }
  const embedding = { vector: new Float32Array(8).fill(0.35), tokens: 3, windows: 1, truncated: false };

  test.each(['', '  \n\t'])('%j is empty', async (text) => {
    expect(await classify.classify(text)).toEqual({ status: 'unclassified', reason: 'empty' });
  });

  test('a failing encoder', async () => {
    const failing = await withEmbed(() => Promise.reject(new Error('broken')));
    expect(await failing.classify('hello')).toEqual({ status: 'unclassified', reason: 'failed' });
  });

  test('an encoder that throws at once', async () => {
    const failing = await withEmbed(() => {
      throw new Error('broken');
    });
    expect(await failing.classify('hello')).toEqual({ status: 'unclassified', reason: 'failed' });
  });

  test('a full queue', async () => {
    const busy = await withEmbed(() => Promise.reject(new EncoderBusy()));
    expect(await busy.classify('hello')).toEqual({ status: 'unclassified', reason: 'busy' });
  });

  test('an encoder that never answers, and is told to give up', async () => {
    let told: AbortSignal | undefined;
    const late = await withEmbed((_text, signal) => {
      told = signal;
      return new Promise(() => {});
    }, 5);
    expect(await late.classify('hello')).toEqual({ status: 'unclassified', reason: 'late' });
    expect(told?.aborted).toBe(true);
  });

  test('a client that goes away', async () => {
    const going = new AbortController();
    const waiting = await withEmbed(() => new Promise(() => {}));
    const result = waiting.classify('hello', going.signal);
    going.abort();
    expect(await result).toEqual({ status: 'unclassified', reason: 'failed' });
    expect(await waiting.classify('hello', going.signal)).toEqual({
      status: 'unclassified',
      reason: 'failed',
    });
  });

  test('remembers what it classified, and only that', async () => {
    let calls = 0;
    const counted = await withEmbed(async () => {
      calls += 1;
      if (calls === 1) throw new Error('broken at first');
      return embedding;
    });
    expect((await counted.classify('hello')).status).toBe('unclassified');
    const first = await counted.classify('hello');
    expect(first.status).toBe('classified');
    expect(await counted.classify('hello')).toBe(first);
    expect(calls).toBe(2);
  });
});
