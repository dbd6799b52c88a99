import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { parseBudgets } from '../../src/budgets/budget-text.js'

const folder = join(import.meta.dirname, 'fixtures', 'budgets')
const file = join(folder, 'querylens.budgets.json')
const require = createRequire(import.meta.url)

const runners: readonly [string, string, string, readonly string[]][] = [
  [
    'Vitest',
    'vitest.test.mjs > books > are listed',
    'npx vitest run vitest.test.mjs',
    [
      join(require.resolve('vitest/package.json'), '..', 'vitest.mjs'),
      'run',
      '--config',
      'vitest.config.mjs',
      '--root',
      '.',
    ],
  ],
  [
    'Jest',
    'jest.test.mjs > books are listed',
    'npx jest jest.test.mjs',
    [
      '--experimental-vm-modules',
      require.resolve('jest/bin/jest'),
      '--config',
      JSON.stringify({
        rootDir: folder,
        testEnvironment: 'node',
        testMatch: ['**/jest.test.mjs'],
        transform: {},
      }),
    ],
  ],
  [
    'node:test',
    'node.test.mjs > books > are listed',
    'node --test node.test.mjs',
    ['--test', '--test-reporter=spec', 'node.test.mjs'],
  ],
]

/** What a run prints, and whether its tests pass. */
interface Outcome {
  readonly passes: boolean
  readonly output: string
}

function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd = folder,
): Promise<Outcome> {
  // A worker of Vitest sets variables that its child would take for its own.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST|NODE_|JEST|FORCE_COLOR|CI$|QUERYLENS_BUDGETS)/.test(name),
  )
  const env = { ...Object.fromEntries(inherited), NO_COLOR: '1', ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) =>
      resolve({ passes: error === null, output: `${stdout}${stderr}` }),
    )
  })
}

afterEach(() => rmSync(file, { force: true }))

describe.each(runners)('budgets in %s', { timeout: 180_000 }, (_, name, command, args) => {
  it('are written, kept, exceeded and fallen short of', async () => {
    const missing = await run(args, { CI: '1', AUTHORS: '2' })
    expect(missing.output).toContain(`Expected a budget of "${name}", but querylens.budgets.json has none`)
    expect(missing.output).toContain(
      `Write the budget with QUERYLENS_BUDGETS=write ${command}, and commit the file.`,
    )
    expect(missing.passes).toBe(false)

    const written = await run(args, { CI: '1', QUERYLENS_BUDGETS: 'write', AUTHORS: '2' })
    expect(written.output).toContain('querylens: wrote the budget of 1 test to querylens.budgets.json.')
    expect(written.passes).toBe(true)
    const budgets = parseBudgets(readFileSync(file, 'utf8'), file)
    expect([...budgets.keys()]).toEqual([name])
    expect([...(budgets.get(name) ?? [])].map(([shape, max]) => `${max}x ${shape}`)).toEqual([
      expect.stringMatching(/^1x select authors/),
      expect.stringMatching(/^2x select books/),
    ])

    const kept = await run(args, { CI: '1', AUTHORS: '2' })
    expect(kept.output).not.toContain('querylens:')
    expect(kept.passes).toBe(true)

    const fromAbove = args.map((arg) =>
      arg === '.' ? 'budgets' : arg === 'node.test.mjs' ? `budgets/${arg}` : arg,
    )
    const above = await run(fromAbove, { CI: '1', AUTHORS: '2' }, dirname(folder))
    expect(above.output).not.toContain('querylens:')
    expect(above.passes).toBe(true)

    const exceeded = await run(args, { CI: '1', AUTHORS: '20' })
    expect(exceeded.output).toContain(`Expected the queries to stay within the budget of "${name}"`)
    expect(exceeded.output).toMatch(/20x {2}select "title" from "books".*library\.mjs:16/)
    expect(exceeded.output).toMatch(/Budget: 2x select books.*, got 20x/)
    expect(exceeded.output).toContain(
      `Meant to be so? QUERYLENS_BUDGETS=write ${command} writes the new budget.`,
    )
    expect(exceeded.passes).toBe(false)

    const short = await run(args, { CI: '1', AUTHORS: '1' })
    expect(short.output).toContain(
      `querylens: "${name}" needs less than the budget in querylens.budgets.json (2x → 1x select books`,
    )
    expect(short.passes).toBe(true)
  })
})
