import {
  assertNoDuplicateQueries,
  assertNoFindings,
  assertNoNPlusOne,
  assertQueried,
  assertQueryCount,
  captureQueries,
  type QueryCount,
} from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { errorOf } from '../support/failure.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

const someQueries = () => captureQueries(() => library.db.selectFrom('books').selectAll().execute())

/** The message of the error, whose stack has to begin in this file. */
async function misuse(assertion: () => unknown): Promise<string> {
  const error = (await errorOf(assertion)) as Error
  expect(error).toMatchObject({ name: 'QuerylensError' })
  expect(error.stack?.split('\n').find((line) => /^\s+at /.test(line))).toContain('misuse.test.ts')
  return error.message
}

describe('assertQueryCount', () => {
  it.each([
    [
      -1,
      'assertQueryCount() takes a whole number from 0, or an object with min, max or both, but got the number -1.',
    ],
    [Number.NaN, 'but got the number NaN.'],
    [1.5, 'but got the number 1.5.'],
    [
      '2',
      "assertQueryCount() takes a whole number from 0, or an object such as { max: 2 }, { select: 2, insert: 1 } or { table: 'books', count: 1 }, but got a string of 1 character.",
    ],
    [undefined, 'but got undefined.'],
    [{}, "or { table: 'books', count: 1 }, but got an object with the keys (none)."],
    [
      { maximum: 2 },
      "assertQueryCount() has no field 'maximum'. It takes: count, min, max, table, and the kinds select, insert, ",
    ],
    [{ max: -2 }, 'max of assertQueryCount() takes a whole number from 0, but got the number -2.'],
    [{ min: 3, max: 2 }, 'assertQueryCount() can never hold: min is 3, and max is 2.'],
    [{ count: 1, max: 2 }, 'assertQueryCount() takes count, or min and max, but got both.'],
    [
      { table: 'books' },
      "assertQueryCount() got a table without a number. Write { table: 'books', count: 1 }, or min, max or a kind such as select.",
    ],
    [{ table: 5, count: 1 }, 'table of assertQueryCount() takes the name of a table, but got the number 5.'],
    [
      { select: { maximum: 1 } },
      'select of assertQueryCount() takes a whole number from 0, or an object with min, max or both, but got an object with the keys maximum.',
    ],
    // @ts-expect-error -- Kysely's transactions are not in a capture, so that 0 would always pass
    [{ transaction: 0 } satisfies QueryCount, "assertQueryCount() has no field 'transaction'."],
    [{ select: -1 }, 'select of assertQueryCount() takes a whole number from 0'],
    [{ max: undefined }, 'but got an object with the keys max.'],
  ])('does not take %o', async (expected, message) => {
    const queries = await someQueries()
    expect(await misuse(() => assertQueryCount(queries, expected as never))).toContain(message)
  })

  it.each([
    [
      'a promise',
      () => captureQueries(() => {}),
      'but got a promise. Await it: const queries = await captureQueries(() => …).',
    ],
    ['a promise that rejects', () => Promise.reject(new Error('lost')), 'but got a promise.'],
    ['nothing', () => undefined, 'but got undefined. Pass what captureQueries resolves to'],
    ['rows', () => [], 'but got an array of 0. Pass what captureQueries resolves to'],
  ])('does not take %s in place of a capture', async (_, value, message) => {
    expect(await misuse(() => assertQueryCount(value() as never, 1))).toContain(message)
  })
})

describe('assertNoFindings', () => {
  it.each([
    [
      { only: ['n+1'] },
      "Option 'only' of assertNoFindings() takes a list with one or more of n_plus_one, n_plus_one_write, duplicate_query",
    ],
    [{ except: 'large_result' }, "Option 'except' of assertNoFindings() takes a list"],
    [{ except: [] }, "Option 'except' of assertNoFindings() takes a list"],
    [{ exept: ['large_result'] }, "assertNoFindings() has no option 'exept'. It takes: only, except, allow."],
    [
      { only: ['n_plus_one'], except: ['n_plus_one', 'large_result'] },
      "assertNoFindings() checks nothing: 'except' has every kind that 'only' has.",
    ],
    [
      { allow: [{ callSite: 'src/app.ts', reason: ' … ' }] },
      "allow of assertNoFindings() has an allowance with the reason ' … '. Write why",
    ],
    [{ allow: [{ callSite: 'src/app.ts' }] }, 'allow[0] of assertNoFindings() needs a reason.'],
    [{ allow: [{ reason: 'no condition' }] }, 'allow[0] of assertNoFindings() needs a condition'],
    [
      { allow: ['nowhere.json'] },
      'allow[0] of assertNoFindings() names the file nowhere.json, which does not exist.',
    ],
  ])('does not take %o', async (options, message) => {
    const queries = await someQueries()
    expect(await misuse(() => assertNoFindings(queries, options as never))).toContain(message)
  })

  it.each([
    ['assertNoNPlusOne', assertNoNPlusOne],
    ['assertNoDuplicateQueries', assertNoDuplicateQueries],
  ] as const)('%s takes no kinds', async (name, assert) => {
    const queries = await someQueries()
    expect(await misuse(() => assert(queries, { except: ['n_plus_one'] } as never))).toContain(
      `${name}() has no option 'except'. It takes: allow.`,
    )
    expect(await misuse(() => assert(queries, { only: ['large_result'] } as never))).toContain(
      `${name}() has no option 'only'. It takes: allow.`,
    )
  })

  it('is named by the function that was called', async () => {
    expect(await misuse(() => assertNoNPlusOne(undefined as never))).toContain(
      'assertNoNPlusOne() checks captured',
    )
  })
})

describe('assertQueried', () => {
  it.each([[''], [5], [undefined], [['books']]])('does not take %o', async (target) => {
    const queries = await someQueries()
    expect(await misuse(() => assertQueried(queries, target as never))).toContain(
      'assertQueried() takes the name of a table or a regular expression, but got',
    )
  })
})
