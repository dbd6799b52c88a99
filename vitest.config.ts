import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'tools/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
    // Those want a real Jaeger: `pnpm test:jaeger`.
    exclude: [...configDefaults.exclude, '**/test/jaeger/**'],
    globalSetup: 'tools/postgres/src/vitest-global-setup.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
