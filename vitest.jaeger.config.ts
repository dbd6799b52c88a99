import { defineConfig } from 'vitest/config'

/** What needs a real Jaeger and its page in a real browser; see CONTRIBUTING.md. */
export default defineConfig({
  test: {
    include: ['{packages,tools,examples}/*/test/jaeger/**/*.test.ts'],
    globalSetup: ['tools/postgres/src/vitest-global-setup.ts', 'tools/jaeger/src/vitest-global-setup.ts'],
    testTimeout: 120_000,
    // The first Jaeger of a machine may have to be built.
    hookTimeout: 1_200_000,
  },
})
