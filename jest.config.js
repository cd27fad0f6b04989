/** Node runs our TypeScript as it stands (types are erased, nothing is built), and so do the tests. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': './scripts/strip-types.mjs' },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 30_000,
};
