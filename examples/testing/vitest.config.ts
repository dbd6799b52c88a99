import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/vitest/**/*.spec.ts'],
    // Fails each test with an N+1.
    setupFiles: ['@querylens/testing/vitest/guard'],
  },
})
