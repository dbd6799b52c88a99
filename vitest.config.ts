import { configDefaults, defineConfig } from 'vitest/config'

const TESTS = ['{packages,tools,examples}/*/test/**/*.test.ts']
/** Tests that start processes of their own, such as applications with an SDK. */
const PROCESSES = '**/test/processes/**'
/** Tests that run everything over a bare and an instrumented Kysely. */
const CONTRACTS = '**/*.contract.test.ts'
/** Tests that compare readings of random or many statements with other parsers. */
const ORACLES = '**/*.{oracle,fuzz,properties}.test.ts'
/** Tests that need a real Jaeger: `pnpm test:jaeger`. */
const JAEGER = '**/test/jaeger/**'
/**
 * Tests of files and of the snapshots of runners, which are the same on every version of Node. They take a minute, so
 * `pnpm test:node` leaves them out.
 */
const ON_ONE_NODE = '**/test/processes/{budgets,budgets-in-runners,snapshots}.test.ts'
const left = process.env['QUERYLENS_OTHER_NODE'] === undefined ? [] : [ON_ONE_NODE]
/** What the tests run in runners of their own. */
const FIXTURES = '**/fixtures/**'

/** `pnpm test` runs all projects, `pnpm test:unit` the one whose tests take seconds. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      project('unit', TESTS, [PROCESSES, CONTRACTS, ORACLES]),
      project('contracts', [CONTRACTS]),
      project('oracles', [ORACLES]),
      project('processes', [`${PROCESSES}/*.test.ts`]),
    ],
  },
})

function project(name: string, include: readonly string[], exclude: readonly string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include],
      exclude: [...configDefaults.exclude, JAEGER, FIXTURES, ...left, ...exclude],
      globalSetup: 'tools/postgres/src/vitest-global-setup.ts',
    },
  }
}
