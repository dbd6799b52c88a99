export default {
  testMatch: ['**/test/jest/**/*.spec.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '@swc/jest' },
  // Fails each test with an N+1.
  setupFilesAfterEnv: ['@querylens/testing/jest/guard'],
}
