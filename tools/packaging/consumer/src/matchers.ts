import { expect as expectOfJest } from '@jest/globals'
import { assertQueryCount, type CapturedQueries } from '@querylens/testing'
import '@querylens/testing/jest'
import '@querylens/testing/jest/guard'
import '@querylens/testing/node'
import '@querylens/testing/node/guard'
import '@querylens/testing/vitest'
import '@querylens/testing/vitest/guard'
import type { TestContext } from 'node:test'
import { expect } from 'vitest'

/** Compiled and never run, because the runners are missing. */
export function correct(queries: CapturedQueries, t: TestContext): readonly Promise<unknown>[] {
  expect(queries).toHaveQueryCount({ max: 2 })
  expectOfJest(queries).not.toQuery('books')
  assertQueryCount(queries, 2)
  t.assert.queryCount(queries, { select: 2 })
  return [expect(() => queries).toExecuteQueries(2), expectOfJest(() => queries).toHaveNoNPlusOne()]
}

/** Each line below its comment must be a compile error. */
export const mistakes: readonly ((queries: CapturedQueries, promise: Promise<CapturedQueries>) => unknown)[] =
  [
    // @ts-expect-error no such field
    (queries) => expect(queries).toHaveQueryCount({ most: 2 }),
    // @ts-expect-error no await before captureQueries
    (_, promise) => expect(promise).toHaveQueryCount(2),
    // @ts-expect-error no await before captureQueries
    (_, promise) => expectOfJest(promise).toHaveQueryCount(2),
    // @ts-expect-error no function
    (queries) => expectOfJest(queries).toExecuteQueries(2),
    // @ts-expect-error a kind of finding that does not exist
    (queries) => expectOfJest(queries).toHaveNoFindings({ except: ['n_plus_two'] }),
  ]
