import type { Vocabulary } from '../../src/policy/policy.ts';

/** The names that the policies of these tests may use. */
export const vocabulary = {
  intents: ['order_status', 'complaint', 'account_security'],
  models: ['openai/gpt-5-mini'],
  tenants: ['acme'],
} satisfies Vocabulary;
