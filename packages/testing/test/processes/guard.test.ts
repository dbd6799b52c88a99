import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openLibrary, type LibraryDatabase } from '../support/library.ts'
import { runJest, runNodeTest, runVitest } from './support/run-suite.ts'

const folder = join(import.meta.dirname, 'fixtures', 'guard')
const FOUND = 'QueryGuardError: The query guard expected no N+1 in this test, got 1 (…):'

let library: LibraryDatabase
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  library = await openLibrary()
  env = { LIBRARY_URL: library.connectionString }
})
afterAll(() => library.close())

/** Without the errors of the tests themselves, whose words are the runner's. */
const REPORT = [
  'The query guard expected no N+1 in this test, got 1 (reads in a loop, ',
  /4x +select \* from "books" where "author_id" = \$1 +\S*library\.ts:22 +N\+1, one for each row of select authors/,
  'Cure: load them all with one query before the loop',
  "Meant to be so? { callSite: 'library.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }",
  "Leave this test out: skipQueryGuard('…the reason…')",
]

describe('the query guard', () => {
  it('fails the tests of Vitest that have an N+1', async () => {
    const { results, output } = await runVitest(folder, ['guard.vitest.ts'], env)
    expect(results).toEqual([
      '✗ reads in a loop',
      `  ${FOUND}`,
      '✗ returns what reads in a loop once it is awaited',
      `  ${FOUND}`,
      '✓ reads at once',
      '✓ sends no query',
      '✓ inserts in a loop',
      '✓ is left out',
      '✗ fails itself after a loop',
      '  AssertionError: expected 1 to be 2 // Object.is equality',
      `  ${FOUND}`,
      '✓ is expected to fail',
      '✗ has to fail, and does not',
      '  Error: Expect test to fail',
      '✓ succeeds the second time',
      `  ${FOUND}`,
      '✗ does not end',
      '  TestTimeoutError: Test timed out in 500ms.',
      `  ${FOUND}`,
      '✓ skips itself',
      '✗ is one of several: [Function listBooks]',
      `  ${FOUND}`,
      '✓ is one of several: [Function listBooksAtOnce]',
      '✓ asserts on findings itself',
      '✗ does not await an assertion',
      expect.stringContaining('  QuerylensError: toHaveNoNPlusOne() is asynchronous, but the test ended'),
      '✗ fails an assertion that shows the loop',
      '  Error: Expected at most 2 queries, got 5 (…):',
      '✗ asks a server that reads in a loop',
      `  ${FOUND}`,
      '✗ reads in a loop while the time stands still',
      `  ${FOUND}`,
      '✗ calls the switch wrongly',
      '  QuerylensError: skipQueryGuard(reason) takes a sentence that says why the test may have findings, but got the string "".',
      '✓ with a loop in a hook reads once',
      '✗ at the same time one reads in a loop',
      `  ${FOUND}`,
      '✓ at the same time one reads at once',
    ])
    for (const part of REPORT) expect(output).toMatch(part)
    expect(output).toMatch(/❯ listBooks library\.ts:22:\d+\n/)
    expect(output).toContain("22|     books.push(...(await db.selectFrom('books')")
  })

  it.each(['CommonJS', 'ES modules'] as const)(
    'fails the tests of Jest that have an N+1, as %s',
    async (modules) => {
      const { results, output } = await runJest(
        folder,
        modules,
        { setupFilesAfterEnv: ['@querylens/testing/jest/guard'] },
        env,
      )
      expect(results).toEqual([
        '✗ reads in a loop',
        `  ${FOUND}`,
        '✗ returns what reads in a loop once it is awaited',
        `  ${FOUND}`,
        '✓ reads at once',
        '✓ sends no query',
        '✓ inserts in a loop',
        '✓ is left out',
        '✗ fails itself after a loop',
        '  Error: expect(received).toBe(expected) // Object.is equality',
        `  ${FOUND}`,
        '✓ is expected to fail',
        '✗ has to fail, and does not',
        '  Error: Failing test passed even though it was supposed to fail. Remove `.failing` to remove error.',
        '✗ takes a callback',
        `  ${FOUND}`,
        '✗ does not end',
        '  Error: thrown: "Exceeded timeout of 500 ms for a test.',
        `  ${FOUND}`,
        '✗ is one of several: in a loop',
        `  ${FOUND}`,
        '✓ is one of several: at once',
        '✓ asserts on findings itself',
        '✓ with a loop in a hook reads once',
        '✗ at the same time one reads in a loop',
        `  ${FOUND}`,
        '✓ at the same time one reads at once',
      ])
      for (const part of REPORT) expect(output).toMatch(part)
      expect(output).toMatch(/at listBooks \(.*library\.ts:22:\d+\)/)
      expect(output).toContain("> 22 |     books.push(...(await db.selectFrom('books')")
    },
  )

  it('fails the tests of node:test that have an N+1', async () => {
    const args = ['--import', '@querylens/testing/node/guard', 'guard.node.ts']
    const { results, output } = await runNodeTest(folder, args, env)
    expect(results).toEqual([
      '✗ reads in a loop',
      `  ${FOUND}`,
      '✗ returns what reads in a loop once it is awaited',
      `  ${FOUND}`,
      '✓ reads at once',
      '✓ sends no query',
      '✓ inserts in a loop',
      '✓ is left out',
      '✗ fails itself after a loop',
      '  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:',
      // node:test drops the error of a hook after a failed test, so it is a diagnostic.
      `  ${FOUND.replace('QueryGuardError: ', '')}`,
      '✗ does not end',
      '  test timed out after 500ms',
      `  ${FOUND.replace('QueryGuardError: ', '')}`,
      '✓ asserts on findings itself',
      '✗ that reads in a loop',
      `  ${FOUND}`,
      '✓ that reads at once',
      '✗ has tests inside',
      '  1 subtest failed',
      '✓ reads once',
      '✗ one reads in a loop',
      `  ${FOUND}`,
      '✓ one reads at once',
    ])
    for (const part of REPORT) expect(output).toMatch(part)
  })
})

describe('a query guard that cannot follow the tests', () => {
  it('fails the tests of a runner that runs their functions by itself', async () => {
    const { results } = await runVitest(folder, ['--config', 'own-runner.config.ts'], env)
    expect(results).toEqual([
      '✗ inserts in a loop',
      expect.stringContaining('The query guard cannot follow the tests: the option `runner` of Vitest'),
    ])
  })

  it('fails a file of another runner', async () => {
    const { output } = await runVitest(folder, ['--config', 'wrong-runner.config.ts'], env)
    expect(output).toContain(
      '@querylens/testing/node/guard guards the tests of node:test. Use @querylens/testing/vitest/guard here.',
    )
  })

  it('fails a file of Jest that sets it up too early', async () => {
    const { output } = await runJest(
      folder,
      'CommonJS',
      { setupFiles: ['@querylens/testing/jest/guard'] },
      env,
    )
    expect(output).toContain(
      'name @querylens/testing/jest/guard in setupFilesAfterEnv, rather than in setupFiles',
    )
  })
})

describe('the baseline of the query guard', () => {
  const args = ['--config', 'options.config.ts']
  let scratch: string
  let baseline: NodeJS.ProcessEnv
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'querylens-baseline-'))
    baseline = { ...env, BASELINE: join(scratch, 'baseline.json') }
  })
  afterAll(() => rmSync(scratch, { recursive: true }))

  it('has to exist if an option names it', async () => {
    const { output } = await runVitest(folder, args, baseline)
    expect(output).toMatch(
      /Option 'baseline' of guardQueries\(\) names the file .*baseline\.json, which does not exist in/,
    )
  })

  it('takes the findings of several processes at once, and accepts them afterwards', async () => {
    const write = { ...baseline, QUERYLENS_BASELINE: 'write' }
    const written = await Promise.all([
      runVitest(folder, [...args, 'reads'], write),
      runVitest(folder, [...args, 'writes'], write),
    ])
    expect(written.map(({ results }) => results)).toEqual([['✓ reads in a loop'], ['✓ inserts in a loop']])
    for (const { output } of written) {
      expect(output).toMatch(/querylens: added 1 finding to .*baseline\.json\.\n/)
    }
    const text = readFileSync(join(scratch, 'baseline.json'), 'utf8')
    const code = relative(scratch, join(folder, 'library.ts'))
    expect(JSON.parse(text)).toMatchObject([
      {
        kinds: ['n_plus_one'],
        callSite: { file: code, function: 'listBooks' },
        reason: 'baseline: select books',
      },
      {
        kinds: ['n_plus_one_write'],
        callSite: { file: code, function: 'seedBooks' },
        reason: 'baseline: insert books',
      },
    ])

    const checked = await runVitest(folder, args, baseline)
    expect(checked.results.toSorted()).toEqual(['✓ inserts in a loop', '✓ reads in a loop'])

    const [reads] = JSON.parse(text) as unknown[]
    writeFileSync(join(scratch, 'baseline.json'), JSON.stringify([reads]))
    const failed = await runVitest(folder, args, baseline)
    expect(failed.results.toSorted()).toEqual([
      '  QueryGuardError: The query guard expected no N+1 of writes in this test, got 1 (…):',
      '✓ reads in a loop',
      '✗ inserts in a loop',
    ])
  })
})
