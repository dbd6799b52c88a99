import { isRegExp } from 'node:util/types'

import { QuerylensError } from '@querylens/core'
import { describeValue } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeNoQueries, EXPECT_ZERO } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'
import { countQueries } from '../report/words.js'
import { unawaitedVerdict } from './awaited.js'
import { checkCaptured } from './captured-argument.js'
import { hasTable } from './query-count.js'
import type { Verdict } from './verdict.js'

/**
 * Checks whether a capture has a query of a table, or one whose text matches.
 *
 * @param target a table, as the database calls it, in any letter case, where the schema may be left out; or a regular
 *   expression for the text of the statement, in which literals are `?` and parameters as `$1`
 * @param owner the assertion, as the user wrote it
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `queries` is no capture, or `target` is neither of the two
 */
export function checkQueried(
  queries: CapturedQueries,
  target: string | RegExp,
  owner = 'assertQueried()',
): Verdict {
  checkCaptured(owner, queries)
  checkTarget(owner, target)
  const found = queries.queries.filter((query) => matches(query, target))
  const isNone = queries.count === 0
  const what = describeTarget(target)
  const unawaited = isNone ? undefined : unawaitedVerdict(`whether there is a query ${what}`, queries)
  if (unawaited !== undefined) return unawaited
  const unread = found.length > 0 ? [] : queries.queries.filter((query) => !isReadFor(query, target))
  return {
    pass: found.length > 0,
    failsNegated: isNone || unread.length > 0,
    message: () => {
      if (unread.length > 0) {
        return describeReport(
          `Cannot tell whether there is a query ${what}, because Querylens has not read ${countQueries(unread.length)} to the end`,
          queries,
          { counted: unread, findings: [] },
        )
      }
      if (isNone)
        return describeNoQueries(`Expected queries to look for one ${what} in`, queries, EXPECT_ZERO)
      return found.length === 0
        ? describeReport(`Expected a query ${what}, got none`, queries, { findings: [] })
        : describeReport(`Expected no query ${what}, got ${found.length}`, queries, {
            counted: found,
            findings: [],
          })
    },
    actual: [...new Set(queries.queries.map(({ summary }) => summary))],
    expected: `a query ${what}`,
    expectedIfNegated: `no query ${what}`,
  }
}

/** `with the table books`, `that matches /for update/` */
function describeTarget(target: string | RegExp): string {
  return typeof target === 'string' ? `with the table ${target}` : `that matches ${String(target)}`
}

/** Whether a query that does not match is known not to. */
function isReadFor({ truncated, hasAllTables }: CapturedQuery, target: string | RegExp): boolean {
  return typeof target === 'string' ? hasAllTables : !truncated
}

function matches(query: CapturedQuery, target: string | RegExp): boolean {
  if (typeof target === 'string') return hasTable(query, target)
  // With the flags `g` and `y`, test() would begin where the previous match ended.
  return query.text.search(target) >= 0
}

function checkTarget(owner: string, target: unknown): void {
  if (isRegExp(target) || (typeof target === 'string' && target.trim() !== '')) return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${owner} takes the name of a table or a regular expression, but got ${describeValue(target)}.`,
  )
}
