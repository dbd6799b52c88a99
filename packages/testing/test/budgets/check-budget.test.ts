import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { takeNews } from '../../src/budgets/budget-news.js'
import {
  budgetName,
  testOfRunner,
  type BudgetedTest,
  type RunnerState,
} from '../../src/budgets/budgeted-test.js'
import { checkBudget } from '../../src/budgets/check-budget.js'
import { budgetOf, captured, shapeOf } from '../support/captured.ts'

type Counts = Readonly<Record<string, number>>

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-budgets-'))
  file = join(folder, 'querylens.budgets.json')
  takeNews()
  vi.stubEnv('CI', '')
  vi.stubEnv('QUERYLENS_BUDGETS', undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const check = (counts: Counts, test: string | BudgetedTest = 'lists books', label?: string) =>
  checkBudget(captured(counts), test, { file, label })

/** Checks as a run with `QUERYLENS_BUDGETS` does. */
const run = (mode: string, counts: Counts, test?: string | BudgetedTest, label?: string) => {
  vi.stubEnv('QUERYLENS_BUDGETS', mode)
  return check(counts, test, label)
}

const tests = (): unknown => (JSON.parse(readFileSync(file, 'utf8')) as { readonly tests: unknown }).tests
const give = (budgets: Readonly<Record<string, Counts>>): void => {
  const entries = Object.entries(budgets).map(([test, counts]) => [test, budgetOf(counts)])
  writeFileSync(file, JSON.stringify({ version: 1, tests: Object.fromEntries(entries) }))
}

describe('checkBudget', () => {
  it('passes with what was written, and fails with one query more', () => {
    expect(run('write', { 'select books': 1, 'select authors': 2 }).pass).toBe(true)
    expect(run('check', { 'select books': 1, 'select authors': 2 }).pass).toBe(true)
    const verdict = run('check', { 'select books': 1, 'select authors': 3 })
    expect(verdict.pass).toBe(false)
    expect(verdict.actual).toEqual(budgetOf({ 'select books': 1, 'select authors': 3 }))
    expect(verdict.expected).toEqual(budgetOf({ 'select books': 1, 'select authors': 2 }))
  })

  it('allows a shape, never a total', () => {
    give({ 'lists books': { 'select books': 3 } })
    expect(run('check', { 'select books': 1, 'select authors': 1 }).pass).toBe(false)
  })

  it('names statements beyond the budget, and how to accept them', () => {
    give({ 'lists books': { 'select authors': 1, 'select books where id': 1 } })
    const test = { 'select authors': 3, 'select tags': 1, 'select books where isbn': 1 }
    expect(run('check', test).message()).toBe(
      [
        `Expected the queries to stay within the budget of "lists books" in ${file} (test, 5 ms in the database):`,
        '  3x  select authors',
        '  1x  select tags',
        '  1x  select books where isbn',
        `Budget: 1x ${shapeOf('select authors')}, got 3x`,
        `Not in the budget: 1x ${shapeOf('select tags')}`,
        `Not in the budget: 1x ${shapeOf('select books where isbn')}`,
        `Statement changed? The budget has 1x ${shapeOf('select books where id')}, which did not run; ${shapeOf('select books where isbn')} ran instead.`,
        'Meant to be so? QUERYLENS_BUDGETS=write npx vitest run writes the new budget.',
      ].join('\n'),
    )
  })

  it('fails without a query, unless the budget of the test is empty', () => {
    for (const mode of ['check', 'new', 'write', 'lower']) expect(run(mode, {}).pass).toBe(false)
    expect(existsSync(file)).toBe(false)
    expect(check({}).message()).toContain(`Meant to be so? Write this entry into ${file}: "lists books": {}`)
    give({ 'lists books': {} })
    for (const mode of ['check', 'new', 'write', 'lower']) expect(run(mode, {}).pass).toBe(true)
    expect(run('check', { 'select books': 1 }).pass).toBe(false)
    give({ 'lists books': { 'select books': 1 } })
    expect(run('check', {}).pass).toBe(false)
  })

  it('names the tests that need less than their budgets, once', () => {
    give({ 'lists books': { 'select books': 1, 'select authors': 20 }, other: { 'select books': 3 } })
    expect(run('check', { 'select books': 1, 'select authors': 1 }).pass).toBe(true)
    expect(run('check', { 'select books': 2 }, 'other').pass).toBe(true)
    expect(takeNews()).toEqual([
      `"lists books" and 1 test more need less than the budget in ${file} (20x → 1x ${shapeOf('select authors')}). Lower it with QUERYLENS_BUDGETS=lower.`,
    ])
    expect(takeNews()).toEqual([])
  })

  it('counts a retry of a test as a part of it', () => {
    give({ retried: { 'select books': 3 } })
    expect(run('check', { 'select books': 1 }, 'retried').pass).toBe(true)
    expect(run('check', { 'select books': 3 }, 'retried').pass).toBe(true)
    expect(takeNews()).toEqual([])
  })
})

describe('QUERYLENS_BUDGETS', () => {
  it('is new by default: a new test gets a budget, and a known one is checked', () => {
    expect(check({ 'select books': 1 }, 'first').pass).toBe(true)
    expect(check({ 'select books': 2 }, 'first').pass).toBe(false)
    expect(tests()).toEqual({ first: { 'select books': 1 } })
    expect(takeNews()).toEqual([`wrote the budget of 1 test to ${file}.`])
  })

  it('is check in CI: nothing is written, and a new test fails', () => {
    vi.stubEnv('CI', 'true')
    const verdict = check({ 'select books': 2 })
    expect(verdict.pass).toBe(false)
    expect(verdict.message()).toBe(
      [
        `Expected a budget of "lists books", but ${file} has none (test, 2 ms in the database):`,
        '  2x  select books',
        'Write the budget with QUERYLENS_BUDGETS=write npx vitest run, and commit the file.',
      ].join('\n'),
    )
    expect(existsSync(file)).toBe(false)
    vi.stubEnv('CI', 'false')
    expect(check({ 'select books': 2 }).pass).toBe(true)
  })

  it('replaces budgets of tests that run with write, and keeps the others', () => {
    give({ replaced: { 'select books': 9, 'select gone': 1 }, other: { 'select books': 1 } })
    vi.stubEnv('CI', 'true')
    expect(run('write', { 'select books': 10 }, 'replaced').pass).toBe(true)
    expect(tests()).toEqual({
      other: budgetOf({ 'select books': 1 }),
      replaced: budgetOf({ 'select books': 10 }),
    })
  })

  it('lowers and removes with lower, and accepts nothing', () => {
    const budgets = { 'select books': 9, 'select gone': 1, 'select tags': 1 }
    give({ lowered: budgets, kept: budgets, 'gone.test.ts > a': budgets, 'no file > b': budgets })
    expect(run('lower', { 'select books': 2, 'select tags': 1 }, 'lowered').pass).toBe(true)
    expect(run('lower', { 'select books': 10 }, 'kept').pass).toBe(false)
    expect(run('lower', { 'select books': 1 }, 'unknown').pass).toBe(false)
    expect(tests()).toEqual({
      kept: budgetOf(budgets),
      lowered: budgetOf({ 'select books': 2, 'select tags': 1 }),
      'no file > b': budgetOf(budgets),
    })
    expect(takeNews()).toEqual([
      `lowered the budget of 1 test in ${file}.`,
      `removed the budget of 1 test from ${file}: the test files are gone.`,
    ])
  })

  it('rejects another word', () => {
    expect(() => run('update', { 'select books': 1 })).toThrow(
      "QUERYLENS_BUDGETS takes 'check', 'new', 'write', 'lower', but got a string of 6 characters.",
    )
  })
})

describe('the name of a budget', () => {
  const retried = { invocations: 0 }
  const test = (sequence: number): BudgetedTest => ({
    file: join(folder, 'test', 'books.test.ts'),
    name: 'books > lists books',
    sequence,
  })

  it('has the path of the test from the folder of the file', () => {
    run('write', { 'select books': 1 }, { ...test(1), file: pathToFileURL(test(1).file!).href })
    expect(Object.keys(tests() as object)).toEqual(['test/books.test.ts > books > lists books'])
  })

  it('numbers the captures of a test, from the start when the test runs again', () => {
    const names = (): readonly string[] => Object.keys(tests() as object)
    for (const sequence of [1, 3, 1, 2]) run('write', { 'select books': 1 }, test(sequence))
    expect(names()).toEqual([
      'test/books.test.ts > books > lists books',
      'test/books.test.ts > books > lists books #2',
    ])
    run('write', { 'select books': 1 }, test(3), 'search')
    expect(names()).toContain('test/books.test.ts > books > lists books #search')
  })

  it.each<[string, (attempt: number, assertionCalls: number) => RunnerState]>([
    [
      'Vitest',
      (retryCount, assertionCalls) => ({
        currentTestName: 'is retried in Vitest',
        assertionCalls,
        task: { id: '1', result: { retryCount } },
      }),
    ],
    [
      'Jest',
      (invocations, assertionCalls) => {
        retried.invocations = invocations
        return { currentTestName: 'is retried in Jest', assertionCalls, currentTestIdentity: () => retried }
      },
    ],
  ])('begins anew with a retry of %s that has more assertions', (_, stateOf) => {
    const names = (): readonly string[] => Object.keys(tests() as object)
    run('write', { 'select books': 1 }, testOfRunner(stateOf(0, 1)))
    run('write', { 'select books': 1 }, testOfRunner(stateOf(1, 2)))
    expect(names()).toHaveLength(1)
    run('write', { 'select books': 1 }, testOfRunner(stateOf(1, 3)))
    expect(names()).toHaveLength(2)
  })

  it('has one number for each capture', () => {
    const queries = captured({ 'select books': 1 })
    const [first, second] = [1, 2].map((sequence) => budgetName(test(sequence), undefined, { file, queries }))
    expect(second).toBe(first)
  })

  it('belongs to one test, unless there is a label', () => {
    const twin = (identity: string): BudgetedTest => ({ name: 'twin', identity, attempt: 0 })
    run('write', { 'select books': 1 }, twin('1'))
    expect(() => run('write', { 'select books': 1 }, twin('2'))).toThrow(
      'Two tests have the name "twin", so that they would share a budget.',
    )
    run('write', { 'select books': 1 }, twin('2'), 'the other')
    expect(Object.keys(tests() as object)).toEqual(['twin', 'twin #the other'])
  })

  it('is needed', () => {
    expect(() => checkBudget(captured({}), undefined as never)).toThrow(
      'needs the name of one, but got undefined',
    )
    expect(() => check({}, { name: '' })).toThrow('needs the name of one')
  })
})

describe('a file that cannot be used', () => {
  it.each(['check', 'new', 'write', 'lower'])('is an error and stays as it is with %s', (mode) => {
    const broken = '<<<<<<< HEAD\n{ "version": 1, "tests": {} }'
    writeFileSync(file, broken)
    expect(() => run(mode, { 'select books': 1 })).toThrow(
      `${file} has a conflict marker of a merge in line 1.`,
    )
    expect(readFileSync(file, 'utf8')).toBe(broken)
    expect(existsSync(`${file}.lock`)).toBe(false)
  })

  it('is named if it is a folder', () => {
    expect(() => checkBudget(captured({ 'select books': 1 }), 'test', { file: folder })).toThrow(
      `The file of budgets ${folder} cannot be read: it is a folder.`,
    )
  })

  it('is named if its folder cannot be made', () => {
    writeFileSync(file, '')
    const inside = join(file, 'budgets.json')
    expect(() => checkBudget(captured({ 'select books': 1 }), 'test', { file: inside })).toThrow(
      `The file of budgets ${inside} cannot be `,
    )
    expect(readFileSync(file, 'utf8')).toBe('')
  })

  it.skipIf(process.getuid?.() === 0)('is named if this process may not write it', () => {
    chmodSync(folder, 0o500)
    expect(() => run('write', { 'select books': 1 })).toThrow(
      `${file} cannot be written: this process has no permission.`,
    )
    chmodSync(folder, 0o700)
  })
})
