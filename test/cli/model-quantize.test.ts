import { describe, expect, test } from '@jest/globals';
import { run, summary } from '../../src/cli/model-quantize.ts';

describe('what cannot be done is said before anything is read', () => {
  test.each([
    [[], /model quantize SOURCE --out/],
    [['a'], /model quantize SOURCE --out/],
    [['a', 'b', '--out', 'c'], /model quantize SOURCE --out/],
    [['a', '--out', 'b', '--scheme', 'int3'], /--scheme must be int4, int8, ternary; not int3/],
    [['a', '--out', 'b', '--int8-share', '2'], /--int8-share must be from 0 to 1/],
    [['a', '--out', 'b', '--int8-share', 'x'], /--int8-share must be from 0 to 1/],
    [['a', '--out', 'b', '--pooling', 'max'], /--pooling must be mean or cls/],
    [['a', '--out', 'b', '--threads', '0'], /--threads must be 1 or more/],
    [['/no/such/model', '--out', 'b'], /There is no \/no\/such\/model/],
  ])('%j', async (args, message) => {
    await expect(run(args)).rejects.toThrow(message);
  });
});

test('the table at the end has a line for the original and for every scheme, and marks the one that was made', () => {
  const labelled = { accuracy: 0.918, auroc: 0.9871 };
  const lines = summary({
    model: 'm',
    made: 'int4',
    calibrationTokens: 1,
    checkTexts: 1,
    original: { bytes: 2e6, labelled },
    schemes: [
      { name: 'int4', bytes: 5e5, cosineMean: 0.9967, cosineMin: 0.97, labelled },
      { name: 'int8', bytes: 1e6, cosineMean: 0.999, cosineMin: 0.99, labelled: null },
    ],
    linears: [],
  }).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(
    /^int4 \(made\) +0\.5 MB {2}cosine 0\.99670, least 0\.97000 {2}right label 91\.80 % {2}out-of-scope AUROC 0\.9871$/,
  );
  expect(lines[2]).toMatch(/^int8 +1\.0 MB {2}cosine 0\.99900, least 0\.99000$/);
});
