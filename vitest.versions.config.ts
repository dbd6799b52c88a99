import { defineConfig } from 'vitest/config'

/** The versions of Kysely at both ends of the peer range, by the name of the development dependency that holds each. */
const KYSELY_PACKAGES = ['kysely-oldest', 'kysely-next']

/** The contract suite on other versions of Kysely than the current one: `pnpm test:versions`. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: KYSELY_PACKAGES.map((name) => ({
      extends: true as const,
      resolve: { alias: [...rootEntry(name), { find: /^kysely(?=$|\/)/, replacement: name }] },
      test: {
        name,
        include: ['packages/kysely-plugin/test/contract/*.test.ts'],
        globalSetup: 'tools/postgres/src/vitest-global-setup.ts',
        provide: { kyselyPackage: name },
      },
    })),
  },
})

/** Kysely 0.28 exports the migrator from its root. */
function rootEntry(name: string) {
  return name === 'kysely-oldest' ? [{ find: /^kysely\/migration$/, replacement: name }] : []
}
