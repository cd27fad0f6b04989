import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDetect } from '../../src/detect/detect.ts';
import { containsPersonal } from '../../src/detect/structured.ts';
import { leavesOf } from '../../src/detect/walk.ts';
import type { EntityKind } from '../../src/personal-kinds.ts';
import { EVERYTHING } from '../../src/policy/personal-rules.ts';
import { ConversationMemory } from '../../src/redact/conversation-memory.ts';
import { Vault } from '../../src/redact/placeholder/vault.ts';
import { createRedact } from '../../src/redact/redact.ts';
import { restoredText } from '../../src/redact/restore/restoring-text.ts';
import type { Detection, Finding, Json, JsonObject, Replacement } from '../../src/shapes.ts';
import { isObject, parseJson } from '../../src/wire/json.ts';
import { anyBody, inquiryOf, VALUES } from './planted.ts';

const detect = createDetect();
const { redact } = createRedact({ secret: 'test secret' });

async function redacted(body: JsonObject, tenant = 'shop', conversation = 'conversation') {
  return redact(inquiryOf(body, { conversation }), await detect(body), tenant);
}
const say = (content: string): JsonObject => ({ model: 'm', messages: [{ role: 'user', content }] });
const PLACEHOLDER = /[A-Z_]+(?:_\d+)?_\d{3}[A-Z]{3}\d{3}/g;
const contentOf = (body: JsonObject): string => (body.messages as { content: string }[])[0]!.content;

/** The redacted body with its values put back, in its documents inside strings too. */
function restoredBody(value: Json, vault: Vault): Json {
  if (typeof value === 'string') {
    try {
      const inside = parseJson(value);
      if (typeof inside === 'string' || (typeof inside === 'object' && inside !== null)) {
        return JSON.stringify(restoredBody(inside, vault));
      }
    } catch {
      // Not a document: plain text.
    }
    return restoredText(value, vault, 'prose');
  }
  if (Array.isArray(value)) return value.map((member: Json) => restoredBody(member, vault));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      restoredText(key, vault, 'prose'),
      restoredBody(member, vault),
    ]),
  );
}

describe('any body with values planted anywhere', () => {
  test('holds none of them afterwards, in any leaf or in its bytes, and the egress guard agrees', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const result = await redacted(body);
        const bytes = JSON.stringify(result.redacted.body);
        const texts = leavesOf(result.redacted.body).map(({ text }) => text);
        for (const value of VALUES) {
          expect(texts.filter((text) => text.includes(value))).toEqual([]);
          expect(bytes).not.toContain(JSON.stringify(value).slice(1, -1));
        }
        expect(containsPersonal(result.redacted.body)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('is itself again once restored', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const { redacted: result, vault } = await redacted(body);
        // Leaf for leaf: a number that was replaced comes back as text, all else exactly as it was.
        const restored = leavesOf(restoredBody(result.body, vault));
        const original = leavesOf(restoredBody(body, new Vault()));
        expect(restored.map(({ text }) => text)).toEqual(original.map(({ text }) => text));
      }),
      { numRuns: 300 },
    );
  });
});

describe('what has no finding', () => {
  test('stays the very object it was', async () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
    const body = { ...say('mail me: a@example.org'), tools, seed: parseJson('1234567890123456789') };
    const { redacted: result } = await redacted(body);
    expect(result.body.tools).toBe(tools);
    expect(JSON.stringify(result.body)).toContain('"seed":1234567890123456789');
  });

  test('leaves a document in a string byte for byte', async () => {
    const document = '{ "b": 1.50, "a": "\\u0041" }';
    const { redacted: result } = await redacted({ ...say('a@example.org'), metadata: { document } });
    expect((result.body.metadata as JsonObject).document).toBe(document);
  });
});

describe('documents inside strings', () => {
  test('are opened however their text is escaped', async () => {
    const body = say('{"to":"jane\\u0040example\\u002eorg"}');
    const { redacted: result } = await redacted(body);
    expect(JSON.parse(contentOf(result.body)).to).toMatch(/^EMAIL_ADDRESS_\d{3}[A-Z]{3}\d{3}$/);
  });

  test('with a member named twice hide nothing in the first', async () => {
    const { redacted: result } = await redacted(say('{"to":"jane@example.org","to":"nobody"}'));
    expect(JSON.stringify(result.body)).not.toContain('jane@example.org');
  });

  test('keep numbers that a double cannot hold', async () => {
    const { redacted: result } = await redacted(say('{"id":12345678901234567890,"to":"jane@example.org"}'));
    expect(contentOf(result.body)).toContain('12345678901234567890');
  });
});

describe('placeholders', () => {
  test('are the same for a value throughout a conversation, request after request', async () => {
    const first = await redacted(say('I am jane@example.org'));
    const second = await redacted(say('again jane@example.org, and bob@example.org'));
    const [placeholder] = contentOf(first.redacted.body).match(PLACEHOLDER)!;
    expect(contentOf(second.redacted.body)).toContain(placeholder);
    expect(new Set(contentOf(second.redacted.body).match(PLACEHOLDER)).size).toBe(2);
  });

  test.each([
    ['conversation', 'shop', 'other'],
    ['tenant', 'other', 'conversation'],
  ])('cannot be linked to another %s', async (_what, tenant, conversation) => {
    const body = say('I am jane@example.org');
    const here = contentOf((await redacted(body)).redacted.body);
    const there = contentOf((await redacted(body, tenant, conversation)).redacted.body);
    expect(here).not.toBe(there);
  });

  test('of two spellings of one value tell that they are one, and bring each back as it was', async () => {
    const text = 'card 4111 1111 1111 1111, again 4111-1111-1111-1111';
    const { redacted: result, vault } = await redacted(say(text));
    const [first, second] = contentOf(result.body).match(PLACEHOLDER)!;
    expect(second).toBe(first!.replace('CARD_', 'CARD_2_'));
    expect(restoredText(contentOf(result.body), vault, 'unknown')).toBe(text);
  });

  test('differ from any that the request already holds, and what a user typed is not restored', async () => {
    const plain = await redacted(say('jane@example.org'));
    const typed = contentOf(plain.redacted.body);
    const { redacted: result, vault } = await redacted(
      say(`${typed} ${typed.toLowerCase()} jane@example.org`),
    );
    const own = contentOf(result.body).split(' ').at(-1)!;
    expect(own).not.toBe(typed);
    expect(restoredText(contentOf(result.body), vault, 'unknown')).toBe(
      `${typed} ${typed.toLowerCase()} jane@example.org`,
    );
  });
});

/** Names, which no structured detector finds. */
function named(
  body: JsonObject,
  names: readonly string[],
  kind: EntityKind = 'PERSON',
  score = 0.9,
): Detection {
  const leaves = leavesOf(body);
  const findings = leaves.flatMap(({ text }, leaf) => {
    const places = names.flatMap((name) =>
      [...text.matchAll(new RegExp(name.replaceAll('.', '\\.'), 'g'))].map(
        ({ index }) => [index, index + name.length] as const,
      ),
    );
    const own = places.filter(([s, e]) => !places.some(([S, E]) => S <= s && e <= E && E - S > e - s));
    return own
      .sort((a, b) => a[0] - b[0])
      .map(([start, end]): Finding => ({ leaf, start, end, kind, score, detector: 'names', view: 'raw' }));
  });
  return { leaves, findings, kinds: {} };
}

describe('names', () => {
  const told = (text: string, names: readonly string[]): { text: string; vault: Vault } => {
    const body = say(text);
    const result = redact(inquiryOf(body), named(body, names), 'shop');
    return { text: contentOf(result.redacted.body), vault: result.vault };
  };

  test('in full and in part are told to be one person, and each comes back as it was', () => {
    const text = 'Anna van Dijk: I am Anna. Dear Ms. van Dijk, ANNA VAN DIJK, Mr. Anna van Dijk';
    const names = ['Anna van Dijk', 'Anna', 'van Dijk', 'ANNA VAN DIJK', 'Mr. Anna van Dijk'];
    const { text: redactedText, vault } = told(text, names);
    const id = /\d{3}[A-Z]{3}\d{3}/.exec(redactedText)![0];
    expect(redactedText.replaceAll(id, 'ID')).toBe(
      'PERSON_ID: I am PERSON_FIRST_ID. Dear Ms. PERSON_LAST_ID, PERSON_2_ID, PERSON_3_ID',
    );
    expect(restoredText(redactedText, vault, 'prose')).toBe(text);
  });

  test('of a title and a last name are of different persons where the titles differ', () => {
    const names = ['Don Miller', 'Mr Miller', 'Mrs Miller', 'Dr Miller'];
    const { text, vault } = told(names.join(', '), names);
    const ids = text.match(/\d{3}[A-Z]{3}\d{3}/g)!;
    expect(new Set(ids).size).toBe(4);
    // Whatever part of one a model asks for, it is given no other.
    const asked = ids.map((id) => `PERSON_FIRST_${id} PERSON_LAST_${id} PERSON_7_${id}`).join(', ');
    expect(restoredText(asked, vault, 'prose')).toBe(
      'Don Miller Don Miller, Mr Miller Miller Mr Miller, Mrs Miller Miller Mrs Miller, Dr Miller Miller Dr Miller',
    );
  });

  test('that two persons share are neither of them', () => {
    const { text } = told('Anna Ek, Anna Lund, Anna', ['Anna Ek', 'Anna Lund', 'Anna']);
    const ids = text.match(/PERSON_\d{3}[A-Z]{3}\d{3}/g)!;
    expect(new Set(ids).size).toBe(3);
  });
});

describe('a name that is left somewhere else', () => {
  const forbidden = (left: string): readonly string[] => {
    const body = { ...say('near Green Lake there'), user: left };
    return redact(inquiryOf(body), named(body, ['Green Lake'], 'ORGANIZATION'), 'shop').redacted.forbidden;
  };

  test.each(['GREEN LAKE', 'the Green\nLake', '?q=Green+Lake', '{"a":"GREEN\\nLAKE"}'])(
    'does not keep the request from leaving: %j',
    (left) => {
      expect(forbidden(left)).toEqual([]);
    },
  );

  test.each(['Evergreen Lake', 'Green%20Lake', 'R3JlZW4gTGFrZQ=='])(
    'is forbidden still, where it is not shown or not it: %j',
    (left) => {
      expect(forbidden(left)).toEqual(['Green Lake']);
    },
  );
});

describe('what a policy says of a kind', () => {
  const body = {
    ...say('card 4111 1111 1111 1111, mail jane@example.org , ip 203.0.113.77'),
    metadata: { 'a@example.org': 1, 'b@example.org': 2, '203.0.113.78': 3 },
  };
  const actions: Partial<Record<EntityKind, Replacement>> = { EMAIL_ADDRESS: 'drop', IP_ADDRESS: 'mask' };
  const rules = { ...EVERYTHING, action: (kind: EntityKind) => actions[kind] ?? 'placeholder' };

  test('is done: some are never put back, some are not even named, and no member is lost', async () => {
    const { redacted: result, vault } = redact(inquiryOf(body), await detect(body), 'shop', rules);
    expect(contentOf(result.body).replace(PLACEHOLDER, 'ONE')).toBe('card ONE, mail , ip [IP_ADDRESS]');
    expect(result.body.metadata).toEqual({ '[EMAIL_ADDRESS]': 1, '[EMAIL_ADDRESS] 2': 2, '[IP_ADDRESS]': 3 });
    expect(restoredText(contentOf(result.body), vault, 'prose')).toBe(
      'card 4111 1111 1111 1111, mail , ip [IP_ADDRESS]',
    );
    expect(result.forbidden).toEqual(
      expect.arrayContaining(['jane@example.org', '203.0.113.77', 'a@example.org']),
    );
    expect(containsPersonal(result.body)).toBe(false);
  });
});

describe('a conversation that is remembered', () => {
  const memory = new ConversationMemory();
  afterAll(() => memory.clear());
  const turn = (text: string, names: readonly string[], tenant = 'shop') => {
    const body = say(text);
    const remembered = memory.open(tenant, 'conversation');
    remembered.found(named(body, names));
    const result = redact(inquiryOf(body), named(body, names), tenant, undefined, remembered);
    return { ...result, text: contentOf(result.redacted.body) };
  };

  test('keeps each placeholder, whatever comes first later', () => {
    const first = turn('Anna, ANNA EK', ['Anna', 'ANNA EK']).text;
    const [anna, full] = first.split(', ');
    const second = turn('Anna Ek, ANNA EK, Anna', ['Anna Ek', 'ANNA EK', 'Anna']).text.split(', ');
    expect(second.slice(1)).toEqual([full, anna]);
    expect(second[0]).toBe(full!.replace('PERSON_', 'PERSON_2_'));
    expect(memory.open('shop', 'conversation').known.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['Anna', 'ANNA EK', 'Anna Ek']),
    );
  });

  test('makes no name of a word that was taken for one somewhere', () => {
    const remembered = memory.open('shop', 'words');
    const body = say('about the Order');
    const detection = named(body, ['Order'], 'PERSON', 0.55);
    remembered.found(detection);
    expect(
      contentOf(redact(inquiryOf(body), detection, 'shop', undefined, remembered).redacted.body),
    ).toMatch(/^about the PERSON_/);
    expect(memory.open('shop', 'words').known).toEqual([]);
  });

  test('gives back only what this request holds, and nothing under a placeholder that somebody typed', () => {
    const { text: placeholder } = turn('Bo Lundqvist', ['Bo Lundqvist']);
    const later = turn(`${placeholder} Anna`, ['Anna']);
    expect(restoredText(later.text, later.vault, 'prose')).toBe(`${placeholder} Anna`);
    const again = turn(`${placeholder} Bo Lundqvist`, ['Bo Lundqvist']);
    expect(again.text.split(' ')[1]).not.toBe(placeholder);
    expect(restoredText(again.text, again.vault, 'prose')).toBe(`${placeholder} Bo Lundqvist`);
  });

  test('lets no earlier value leave that is peculiar enough', () => {
    turn('mail zoe@example.org', ['zoe@example.org'], 'bank');
    expect(() => turn('again zoe@example.org', [], 'bank')).toThrow(
      expect.objectContaining({ code: 'redact_failed' }),
    );
    expect(turn('again nobody', [], 'bank').redacted.forbidden).toContain('zoe@example.org');
  });
});

describe('a failure', () => {
  const body = say('I am jane@example.org');
  const failing: [string, (detection: Detection) => Detection][] = [
    ['a finding without its text', (d) => ({ ...d, findings: [{ ...d.findings[0]!, leaf: 99 }] })],
    ['a finding beyond its text', (d) => ({ ...d, findings: [{ ...d.findings[0]!, end: 999 }] })],
    ['findings that overlap', (d) => ({ ...d, findings: [d.findings[0]!, d.findings[0]!] })],
    [
      'a leaf that is not in the body',
      (d) => ({ ...d, leaves: d.leaves.map((leaf) => ({ ...leaf, path: ['elsewhere'] })) }),
    ],
    [
      'a value that was found in one place and missed in another',
      (d) => ({ ...d, findings: d.findings.slice(1) }),
    ],
  ];
  test.each(failing)('is an error and no request: %s', async (_what, broken) => {
    const twice = { ...body, user: 'jane@example.org' };
    const detection = broken(await detect(twice));
    expect(() => redact(inquiryOf(twice), detection, 'shop')).toThrow(
      expect.objectContaining({ code: 'redact_failed' }),
    );
  });

  test('comes of having no secret', () => {
    expect(() => createRedact({ secret: '' })).toThrow();
  });
});

test('the vault shows nothing of itself', async () => {
  const { inspect } = await import('node:util');
  const { vault } = await redacted(say('I am jane@example.org'));
  expect(vault.size).toBe(1);
  for (const shown of [
    inspect(vault, { depth: 9, showHidden: true }),
    JSON.stringify({ vault }),
    `${vault}`,
  ]) {
    expect(shown).not.toContain('jane');
    expect(shown).not.toContain('EMAIL');
  }
});
