import {
  incompatibleCopies,
  instrumentedDatabases,
  type InstrumentedDatabase,
} from '@querylens/core/internal'

import type { CapturedQueries, FailedConnections } from '../recording/captured-queries.js'
import { describeDatabase } from './database-text.js'
import { describeLate } from './late-queries.js'
import { countQueries, listWords, oneLine } from './words.js'

/** The advice of assertions that a capture without a query always fails. */
export const EXPECT_ZERO = 'If the code is meant to send none, assert that instead: expect 0 queries.'

/**
 * Says that a capture has no query, and why that may be: an assertion that passes without a query proves nothing.
 *
 * @param expectation what was expected, without a full stop
 * @param acceptsNone what to write where the code is meant to send none
 */
export function describeNoQueries(
  expectation: string,
  queries: CapturedQueries,
  acceptsNone?: string,
): string {
  const databases = instrumentedDatabases()
  const copies = incompatibleCopies()
  const { late, outside, unrecorded, failedConnections } = queries
  const elsewhere =
    failedConnections.length > 0 ||
    late.length > 0 ||
    outside.length > 0 ||
    unrecorded.size > 0 ||
    copies.length > 0
  return [
    `${expectation}, got none.`,
    ...failedConnections.map(describeFailed),
    ...describeLate(late, false),
    ...describeDatabases(databases, queries),
    ...(outside.length === 0 ? [] : [OUTSIDE]),
    ...[...unrecorded].map(describeUnrecorded),
    ...(copies.length === 0 ? [] : [describeCopies(copies)]),
    ...(elsewhere || databases.length === 0 ? [] : [NOT_USED]),
    ...(acceptsNone === undefined ? [] : [acceptsNone]),
  ].join('\n')
}

function describeDatabases(
  databases: readonly InstrumentedDatabase[],
  { outside }: CapturedQueries,
): readonly string[] {
  if (databases.length === 0) return [NO_DATABASE]
  return [
    'Instrumented databases of this process:',
    ...databases.map(({ database, queryCount }) => {
      const beside = outside.find((each) => each.database === database)
      if (beside === undefined) {
        const sofar = queryCount === 0 ? 'no query yet' : `${countQueries(queryCount)} so far, none meanwhile`
        return `  ${describeDatabase(database)}: ${sofar}`
      }
      const { count, scopeName, summary } = beside
      const scope = scopeName === undefined ? 'outside any scope' : `in the scope ${oneLine(scopeName)}`
      return `  ${describeDatabase(database)}: ${countQueries(count)} outside the capture, the first ${scope}: ${summary}`
    }),
  ]
}

const NO_DATABASE =
  'No Kysely instance of this process is instrumented. Make it with new Kysely(querylens({ dialect })), from @querylens/kysely-plugin. A capture does not see another process.'

const OUTSIDE =
  'The capture does not follow those queries. Await the work in the captured function; for work that a queue or a worker of this process does, use captureQueries(work, { process: true }).'

const NOT_USED =
  'The code sent nothing to them: it may use a Kysely instance that querylens() has not instrumented, or another process, or have its result from a cache or a mock.'

function describeFailed({ database, count, code }: FailedConnections): string {
  const connections = count === 1 ? 'A connection' : `${count} connections`
  return `${connections} to ${describeDatabase(database)} failed${code === undefined ? '' : `: ${code}`}. The code under test may have swallowed the error.`
}

function describeUnrecorded([driver, count]: readonly [string, number]): string {
  return `${driver} sent ${count} statement${count === 1 ? '' : 's'} for no instrumented Kysely instance: make the instance that the code uses with new Kysely(querylens({ dialect })).`
}

/** @param versions of the state of copies that this one cannot work with */
export function describeCopies(versions: readonly string[]): string {
  return `This process has another version of @querylens/core (state ${listWords(versions)}), whose queries this one does not see. npm ls @querylens/core shows both; install one.`
}
