import type { CapturedQueries } from '@querylens/testing'
import { expect } from 'vitest'

import '../../src/vitest/index.js'

declare const queries: CapturedQueries<string>
declare const captured: Promise<CapturedQueries<string>>
declare const work: () => Promise<void>

/** Compiled and never run: each line below its comment must be a compile error. */
export const mistakes: readonly (() => unknown)[] = [
  // @ts-expect-error no such field
  () => expect(queries).toHaveQueryCount({ most: 2 }),
  // @ts-expect-error a count is a number
  () => expect(queries).toHaveQueryCount('2'),
  // @ts-expect-error a kind of statement that does not exist
  () => expect(queries).toHaveQueryCount({ selects: 2 }),
  // @ts-expect-error no await before captureQueries
  () => expect(captured).toHaveQueryCount(2),
  // @ts-expect-error functions have a matcher of their own
  () => expect(work).toHaveQueryCount(2),
  // @ts-expect-error captured queries have a matcher of their own
  () => expect(queries).toExecuteQueries(2),
  // @ts-expect-error no captured queries
  () => expect(5).toQuery('books'),
  // @ts-expect-error neither captured queries nor a function
  () => expect(5).toHaveNoFindings(),
  // @ts-expect-error a kind of finding that does not exist
  () => expect(queries).toHaveNoFindings({ except: ['n_plus_two'] }),
  // @ts-expect-error options of a capture are for functions
  () => expect(queries).toHaveNoNPlusOne({}, { detect: true }),
  // @ts-expect-error no await before captureQueries, and no value
  () => expect(captured).toHaveNoFindings(),
  // @ts-expect-error a function, and no value
  () => expect(work).toStayWithinBudget(),
  // @ts-expect-error captured queries, and no value
  () => expect(queries).toExecuteNoQueries(),
  // @ts-expect-error neither captured queries nor a function, in a promise
  () => expect(Promise.resolve(5)).resolves.toHaveQueryCount(5),
  // @ts-expect-error an unknown option of a capture
  () => expect(work).toExecuteAtMostQueries(2, { limit: 2 }),
]

/** The hint that the compiler prints for a call of a matcher. */
declare function hintOf<Hint extends string>(matcher: (this: Hint, ...values: never[]) => unknown): Hint

/** The hints of mistakes, each of which must have its own. */
export const hints: readonly (() => string)[] = [
  (): 'Write await before captureQueries: const queries = await captureQueries(() => …)' =>
    hintOf(expect(captured).toHaveQueryCount),
  (): 'Write await before captureQueries: const queries = await captureQueries(() => …)' =>
    hintOf(expect(captured).toHaveNoFindings),
  (): 'This matcher takes what captureQueries resolves to. For a function write: await expect(() => …).toExecuteQueries(…)' =>
    hintOf(expect(work).toHaveQueryCount),
  (): 'This matcher takes what captureQueries resolves to: const queries = await captureQueries(() => …)' =>
    hintOf(expect(5).not.toQuery),
  (): 'This matcher takes a function. For what captureQueries resolves to write: expect(queries).toHaveQueryCount(…)' =>
    hintOf(expect(queries).toExecuteQueries),
  (): 'This matcher takes the function that makes the promise: await expect(() => …)' =>
    hintOf(expect(work()).toExecuteNoQueries),
  (): 'This matcher takes a function, or what captureQueries resolves to: const queries = await captureQueries(() => …)' =>
    hintOf(expect(5).toHaveNoNPlusOne),
]

/** Code that must compile. */
export const correct: readonly (() => unknown)[] = [
  () => expect(queries).toHaveQueryCount({ select: 2, insert: { max: 1 } }),
  () => expect(queries).not.toQuery(/for update$/),
  (): Promise<void> => expect(captured).resolves.toHaveQueryCount(2),
  (): Promise<void> => expect(work).toExecuteQueries({ max: 2 }, { detect: true }),
  (): Promise<void> => expect(work).not.toExecuteQueries(2),
  (): Promise<void> => expect(work).toHaveNoFindings({ except: ['large_result'] }, { parameters: true }),
  (): void => expect(queries).toHaveNoFindings(),
  () => expect(queries as unknown).toHaveQueryCount(2),
  () => expect({ queries }).toEqual({ queries: expect.toHaveQueryCount(2) }),
]
