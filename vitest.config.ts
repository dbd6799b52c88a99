import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    globalSetup: 'tools/postgres/src/vitest-global-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
