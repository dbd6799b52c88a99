import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { captureQueries } from '../../src/index.js'
import '../../src/vitest/index.js'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.js'

let library: LibraryDatabase
beforeAll(async () => void (library = await openLibrary()))
afterAll(() => library.close())

const loop = () => listBooks(library.db)
const one = () => library.db.selectFrom('authors').select('name').execute()
const none = () => Promise.resolve()

describe('matchers of captured queries', () => {
  it('count the queries', async () => {
    const queries = await captureQueries(loop)
    expect(queries).toHaveQueryCount(5)
    expect(queries).toHaveQueryCount({ table: 'books', count: 4 })
    expect(queries).not.toHaveQueryCount(4)
    expect(() => expect(queries).toHaveQueryCount({ max: 2 })).toThrow(/^Expected at most 2 queries, got 5/)
    expect(() => expect(queries).not.toHaveQueryCount(5)).toThrow(/^Expected anything but 5 queries, got 5/)
  })

  it('look for findings', async () => {
    const queries = await captureQueries(loop)
    expect(queries).toHaveNoDuplicateQueries()
    expect(queries).toHaveNoFindings({ except: ['n_plus_one'] })
    expect(() => expect(queries).toHaveNoFindings()).toThrow(/^Expected no findings, got 1/)
    expect(() => expect(queries).toHaveNoNPlusOne()).toThrow(/^Expected no findings \(N\+1/)
  })

  it('look for a table', async () => {
    const queries = await captureQueries(loop)
    expect(queries).toQuery('books')
    expect(queries).not.toQuery('reservations')
    expect(() => expect(queries).not.toQuery('books')).toThrow(
      /^Expected no query with the table books, got 4/,
    )
    expect(() => expect(queries).toQuery('reservations')).toThrow(
      /^Expected a query with the table reservations, got none/,
    )
  })

  it('fail for a capture without queries, negated or not', async () => {
    const queries = await captureQueries(none)
    expect(queries).toHaveQueryCount(0)
    for (const check of [
      () => expect(queries).toQuery('books'),
      () => expect(queries).not.toQuery('books'),
      () => expect(queries).toHaveNoFindings(),
      () => expect(queries).not.toHaveQueryCount(2),
    ]) {
      expect(check).toThrow(/, got none\.|, got no/)
    }
  })

  it('compare what was expected with what was there, negated or not', async () => {
    const [queries, empty] = [await captureQueries(loop), await captureQueries(none)]
    const comparison = (assertion: () => unknown) => {
      try {
        assertion()
      } catch (error) {
        const { actual, expected } = error as { actual: unknown; expected: unknown }
        return [actual, expected]
      }
      return 'passed'
    }
    expect(comparison(() => expect(queries).not.toQuery('authors'))).toEqual([
      ['select authors', 'select books'],
      'no query with the table authors',
    ])
    expect(comparison(() => expect(queries).not.toHaveQueryCount(5))).toEqual([
      '5 queries',
      'anything but 5 queries',
    ])
    expect(comparison(() => expect(queries).toHaveQueryCount(4))).toEqual(['5 queries', '4 queries'])
    expect(comparison(() => expect(empty).toHaveNoFindings())).toEqual([
      'no query',
      'queries without findings',
    ])
  })

  it('work asymmetrically, softly and polled', async () => {
    const queries = await captureQueries(loop)
    expect({ queries }).toEqual({ queries: expect.toHaveQueryCount(5) })
    expect({ queries }).not.toEqual({ queries: expect.toHaveQueryCount(4) })
    expect.soft(queries).toHaveQueryCount(5)
    await expect.poll(() => queries).toHaveQueryCount(5)
    await expect(captureQueries(loop)).resolves.toHaveQueryCount(5)
  })
})

describe('matchers of functions', () => {
  it('capture the queries of the function', async () => {
    await expect(loop).toExecuteQueries(5)
    await expect(loop).not.toExecuteQueries(4)
    await expect(loop).toExecuteAtMostQueries(5)
    await expect(none).toExecuteNoQueries()
    await expect(one).toHaveNoFindings()
    await expect(one).toHaveNoNPlusOne()
    await expect(one).toHaveNoDuplicateQueries()
    await expect(expect(loop).toExecuteAtMostQueries(2)).rejects.toThrow(/^Expected at most 2 queries, got 5/)
    await expect(expect(loop).toExecuteNoQueries()).rejects.toThrow(/^Expected 0 queries, got 5/)
    await expect(expect(loop).toHaveNoNPlusOne()).rejects.toThrow(/^Expected no findings/)
    await expect(expect(none).toExecuteAtMostQueries(2)).rejects.toThrow('Expected 1 to 2 queries, got none.')
  })

  it('take options of the capture', async () => {
    await expect(expect(loop).toExecuteQueries(5, { max: 2 })).rejects.toThrow('at most 2 queries')
    const allow = [{ table: 'books', reason: 'few authors' }]
    await expect(loop).toHaveNoFindings({}, { detect: { allow } })
  })

  it('reject with the error of the function', async () => {
    const error = new Error('of the function')
    const { stack } = error
    const work = () => Promise.reject(error)
    await expect(expect(work).toExecuteQueries(1)).rejects.toBe(error)
    expect(error.stack).toBe(stack)
  })

  it('fail with the line of the test', async () => {
    const failure = await expect(loop)
      .toExecuteQueries(2)
      .catch((error: unknown) => error)
    expect((failure as Error).stack).toContain('matchers.test.ts')
  })

  it('work with fake timers', async () => {
    vi.useFakeTimers()
    try {
      await expect(loop).toExecuteQueries(5)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a matcher that is used wrongly', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a promise',
      () => expect(captureQueries(one) as unknown).toHaveQueryCount(1),
      'toHaveQueryCount() takes captured queries, but got a promise. Write await before captureQueries: const queries = await captureQueries(() => …).',
    ],
    [
      'a function',
      () => expect(loop as unknown).toHaveQueryCount(1),
      'toHaveQueryCount() takes captured queries, but got a function. For a function write await expect(() => …).toExecuteQueries(…).',
    ],
    [
      'a number',
      () => expect(5 as unknown).toHaveQueryCount(5),
      'toHaveQueryCount() takes captured queries, but got the number 5. Pass what captureQueries resolves to: const queries = await captureQueries(() => …).',
    ],
    [
      'nothing',
      () => expect(undefined as unknown).toQuery('books'),
      'toQuery() takes captured queries, but got undefined. Pass',
    ],
    [
      'an instance of Kysely',
      () => expect(library.db as unknown).toExecuteQueries(2),
      'toExecuteQueries() takes a function, but got an instance of Kysely. Pass the function that runs the queries: expect(() => …).',
    ],
    [
      'a query builder',
      () => expect(library.db.selectFrom('books') as unknown).toExecuteQueries(2),
      'toExecuteQueries() takes a function, but got an instance of SelectQueryBuilderImpl. Pass the function',
    ],
    [
      'a response',
      () => expect(new Response() as unknown).toHaveNoFindings(),
      'toHaveNoFindings() takes captured queries or a function, but got an instance of Response. Pass what captureQueries resolves to',
    ],
    [
      'a running query',
      () => expect(Promise.reject(new Error('later')) as unknown).toExecuteQueries(2),
      'toExecuteQueries() takes a function, but got a promise, whose work has begun. Pass the function that makes it: await expect(() => …).',
    ],
  ])('says what to write for %s', (_, misuse, message) => {
    expect(misuse).toThrow(message)
  })

  it('names the matcher for captured queries', async () => {
    const queries: unknown = await captureQueries(loop)
    expect(() => expect(queries).toExecuteQueries(5)).toThrow(
      'toExecuteQueries() takes a function, but got captured queries. For captured queries write expect(queries).toHaveQueryCount(…).',
    )
    expect(() => expect(queries).toHaveNoNPlusOne({}, {})).toThrow('takes 1 value at most here, but got 2')
    expect(() => expect(queries).toHaveQueryCount('two' as never)).toThrow(
      'toHaveQueryCount() takes a whole number',
    )
  })

  it.each<[string, () => unknown, string]>([
    [
      'toHaveNoFindings',
      () => expect(one).not.toHaveNoFindings(),
      'expect(queries.findings).not.toEqual([])',
    ],
    ['toHaveNoNPlusOne', () => expect(one).not.toHaveNoNPlusOne(), "toContain('n_plus_one')"],
    [
      'toHaveNoDuplicateQueries',
      () => expect(one).not.toHaveNoDuplicateQueries(),
      "toContain('duplicate_query')",
    ],
    ['toExecuteNoQueries', () => expect(one).not.toExecuteNoQueries(), 'toExecuteQueries({ min: 1 })'],
    [
      'toExecuteAtMostQueries',
      () => expect(one).not.toExecuteAtMostQueries(2),
      'toExecuteQueries({ min: 3 })',
    ],
  ])('says what to write in place of .not.%s', (name, misuse, instead) => {
    expect(misuse).toThrow(`${name}() cannot be negated with .not. Write `)
    expect(misuse).toThrow(instead)
  })
})
