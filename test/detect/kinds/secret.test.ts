/** Secrets: forms of many issuers, and what people and programs call a password, key or token. */
import { describe, expect, test } from '@jest/globals';
import { findStructured } from '../../../src/detect/structured.ts';
import type { Step } from '../../../src/shapes.ts';

const secrets = (text: string, path: readonly Step[] = []): string[] =>
  findStructured(text, path)
    .filter(({ kind }) => kind === 'SECRET')
    .map(({ start, end }) => text.slice(start, end));

/** Letters and digits in no order, as issuers draw them; made here so that nothing that looks like a live key is kept. */
const drawn = (chars: number, alphabet = 'aB3dE5gH7jK9mN2pQ4sT6vW8yZ'): string =>
  Array.from({ length: chars }, (_, i) => alphabet[(i * 7 + 3) % alphabet.length]).join('');
const hex = (chars: number): string => drawn(chars, '0a1b2c3d4e5f6789');

describe('an issuer’s form', () => {
  test.each([
    ['AWS', `AKIA${drawn(16, 'A2B3C4D5E6F7')}`],
    ['Google', `AIza${drawn(35)}`],
    ['Google OAuth', `ya29.${drawn(60)}`],
    ['Azure storage', `${drawn(76)}+ASt${drawn(6)}==`],
    ['Microsoft Entra', `aB38Q~${drawn(34)}`],
    ['Alibaba', `LTAI${drawn(20)}`],
    ['Yandex', `AQVN${drawn(36)}`],
    ['DigitalOcean', `dop_v1_${hex(64)}`],
    ['Heroku', `HRKU-${drawn(40)}`],
    ['OpenAI', `sk-proj-${drawn(40)}`],
    ['Anthropic', `sk-ant-api03-${drawn(80)}`],
    ['Hugging Face', `hf_${drawn(34)}`],
    ['GitHub', `ghp_${drawn(36)}`],
    ['GitLab', `glpat-${drawn(20)}`],
    ['Atlassian', `ATATT3${drawn(180)}`],
    ['npm', `npm_${drawn(36)}`],
    ['PyPI', `pypi-${drawn(80)}`],
    ['Docker', `dckr_pat_${drawn(27)}`],
    ['Terraform', `${drawn(14)}.atlasv1.${drawn(64)}`],
    ['Vault', `hvs.${drawn(24)}`],
    ['Slack', `xoxb-123456789012-${drawn(24)}`],
    ['Discord', `M${drawn(25)}.${drawn(6)}.${drawn(30)}`],
    ['Telegram', `123456789:AA${drawn(33)}`],
    ['Twilio', `SK${hex(32)}`],
    ['SendGrid', `SG.${drawn(22)}.${drawn(43)}`],
    ['Mailchimp', `${hex(32)}-us12`],
    ['Stripe', `sk_live_${drawn(24)}`],
    ['Square', `sq0atp-${drawn(22)}`],
    ['PayPal', `access_token$production$${drawn(16, 'a1b2c3')}$${hex(32)}`],
    ['Adyen', `AQE${drawn(80)}`],
    ['Shopify', `shpat_${hex(32)}`],
    ['Databricks', `dapi${hex(32)}`],
    ['New Relic', `NRAK-${drawn(27, 'A2B3C4D5E6F7')}`],
    ['Grafana', `glsa_${drawn(32)}_${hex(8)}`],
    ['Postman', `PMAK-${hex(24)}-${hex(34)}`],
    ['Notion', `ntn_${drawn(46)}`],
    ['Linear', `lin_api_${drawn(40)}`],
    ['Figma', `figd_${drawn(40)}`],
    ['Airtable', `pat${drawn(14)}.${hex(64)}`],
    ['JSON Web Token', `eyJ${drawn(20)}.eyJ${drawn(40)}.${drawn(43)}`],
    ['tiergate', `tg-${drawn(32)}`],
    ['AWS without a digit', `AKIA${drawn(16, 'ABCDEFGH')}`],
    ['OpenAI without a digit', `sk-proj-${drawn(30, 'aBcDeFGhiJ')}`],
    ['GitHub without a digit', `ghp_${drawn(36, 'aBcDeFGhiJ')}`],
    ['Atlassian, with its checksum', `ATATT3${drawn(180)}=1A2B3C4D`],
  ])('%s', (_issuer, secret) => {
    for (const text of [secret, `it is ${secret}, thanks`, `{"x":"${secret}"}`, `X=${secret}\n`]) {
      expect(secrets(text)).toEqual([secret]);
    }
  });
});

describe('a word', () => {
  test.each([
    ['Server=db;User Id=sa;Password=Abc123!;Encrypt=yes', 'Abc123!'],
    [`DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${drawn(40)};EndpointSuffix=y`, drawn(40)],
    [`SharedAccessSignature=sv=2022&sig=${drawn(30)}&se=1`, drawn(30)],
    ['machine example.org login jane password s3cr3tWord', 's3cr3tWord'],
    ['mysql -u root --password=hunter22 db', 'hunter22'],
    ['curl -u jane:hunter22 https://example.org', 'hunter22'],
    [`DD_API_KEY=${hex(32)}`, hex(32)],
    [`aws_secret_access_key = ${drawn(40)}`, drawn(40)],
    [`Cookie: JSESSIONID=${drawn(32)}; theme=dark`, drawn(32)],
    ['my password is hunter2!', 'hunter2'],
    ['Passwort: sommer', 'sommer'],
    ['my wifi password is sunflower.', 'sunflower'],
    ['The password for the account is Tr0ub4dor&3', 'Tr0ub4dor&3'],
    ['pw: hunter2', 'hunter2'],
    ['backup code: 1a2b-3c4d', '1a2b-3c4d'],
    ['Podaję hasło Tygrys12! i proszę o kontakt', 'Tygrys12'],
    ['El cliente dio clave aB3dE5gHjK por teléfono', 'aB3dE5gHjK'],
    ['Bonjour, mon mot de passe (Soleil123?1) ne va pas', 'Soleil123?1'],
    ['Mitt lösenord är Tiger123$2024, tack', 'Tiger123$2024'],
    ['パスワードはAbCdEfGhijk!です。よろしく', 'AbCdEfGhijk!'],
    ['You have a wrong password on file: it should be tiger123! instead', 'tiger123'],
    ['id;password;status\n17;hunter933#7;open', 'hunter933#7'],
    ['<tr><th>Password</th><td>9KDJSaaKa9</td></tr>', '9KDJSaaKa9'],
    ['<password>abcd-a9Xa-1234</password>', 'abcd-a9Xa-1234'],
    ['password\tabcd-efg9-1234\n', 'abcd-efg9-1234'],
    ['token: "https://example.org/a?x=1&sig=abc"', 'https://example.org/a?x=1&sig=abc'],
    ['Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNzd29yZA=='],
    [`datadog key ${hex(32)}`, hex(32)],
    ['your code is 845123', '845123'],
    ['verification code 123456', '123456'],
    [
      'seed phrase: abandon ability able about above absent absorb abstract absurd abuse access accident',
      'abandon ability able about above absent absorb abstract absurd abuse access accident',
    ],
  ])('%s', (text, secret) => {
    expect(secrets(text)).toEqual([secret]);
  });

  test.each([
    [['db', 'password'], 'hunter'],
    [['private_key_id'], hex(40)],
    [['clientSecret'], drawn(32)],
  ])('names a field: %j', (path, text) => {
    expect(secrets(text, path)).toEqual([text]);
  });
});

test.each([
  'postgres://shop:pw@db.example:5432/orders',
  'mongodb+srv://shop:pw@cluster0.example.net/x',
  'redis://:pw@cache.example:6379/0',
  'clickhouse://shop:pw@db.example/x',
  'jdbc:postgresql://shop:pw@db.example/x',
  'amqps://shop:pw@mq.example/x',
])('the address of a database with a password is hidden as a whole: %s', (text) => {
  expect(
    findStructured(`use ${text} please`).map(({ start, end }) => `use ${text} please`.slice(start, end)),
  ).toContain(text.replace('jdbc:', ''));
});

test.each([
  'live_preview_of_the_newest_page_in_the_shop and test_everything_that_could_break_today',
  'key-value-store-with-many-many-features, sk-very-long-class-name-for-a-button',
  'sha512-Jkq3Fp0Bq7NtH0vQGtVb4vS0v5Zc1rVbqvK6nT5o8i5Jq9yq0yQ2u6mWQm0c1x3n5yY1Y0b0c9v7u1c2d3e4f5==',
  'https://example.org/a/very/long/path/that/goes/on/and/on/index.html?page=2',
  'The password must be changed, the token expired, and my secret is safe.',
  'My password is wrong. The password is mandatory, case sensitive and required; yours is secure.',
  'Basic training begins at 1000, PIN code 110001, error code is 123456, OTP not received',
  'pass: 12 of 14 tests, token = source.next(12), google key 12 signatures',
  'The password reset for OAuth2.0 or SHA-256 fails on Windows11! See README2024.md, or https://a.example/r?id=1A2b3C.',
  'if (password !== user2) return a1&&b2; ghp_calculateShippingCostsForCustomers',
  'The passwords need 8 characters and one of !#$%&; they expire in 30 days.',
  'docker run --rm --network host image:1.2.3 --verbose',
])('%s holds none', (text) => {
  expect(secrets(text)).toEqual([]);
});

test('a token of an issuer needs no digit, and few turns between small letters and capitals', () => {
  const drawn = 'aaaBccDDDDDDDDeeFFgggHHHHHHHHHHk';
  for (const token of [`ghp_${'aaaBBBccc'.repeat(4)}`, `npm_${'aaaBBBccc'.repeat(4)}`, `sk-proj-${drawn}`]) {
    expect(findStructured(`use ${token} here`)).toMatchObject([
      { kind: 'SECRET', start: 4, end: 4 + token.length },
    ]);
  }
});
