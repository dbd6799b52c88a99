import { isTable } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeNoQueries } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'
import { listWords } from '../report/words.js'
import { unawaitedVerdict } from './awaited.js'
import { checkCaptured } from './captured-argument.js'
import { describeRange, isInRange, type ResolvedRange } from './count-range.js'
import { kindsOfQuery } from './kinds-of-query.js'
import { resolveCount, type QueryCount, type ResolvedCount } from './expected-count.js'
import type { Verdict } from './verdict.js'

/**
 * Checks how many queries a capture has. Queries that Querylens refused count. Queries that the code did not await
 * fail it, whatever the number.
 *
 * @param owner the assertion, as the user wrote it
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `queries` is no capture, or `expected` is no {@link QueryCount}
 */
export function checkQueryCount(
  queries: CapturedQueries,
  expected: QueryCount,
  owner = 'assertQueryCount()',
): Verdict {
  checkCaptured(owner, queries)
  const count = resolveCount(owner, expected)
  const { table } = count
  const counted =
    table === undefined ? queries.queries : queries.queries.filter((query) => hasTable(query, table))
  const parts = partsOf(count, counted)
  const isNone = queries.count === 0 && !count.mayBeNone
  const pass = !isNone && parts.every(({ range, got }) => isInRange(got, range))
  const wanted = `${listWords(parts.map(describeExpected))}${table === undefined ? '' : ` with the table ${table}`}`
  if (!isNone) {
    const unawaited = unawaitedVerdict(`whether the code sends ${wanted}`, queries)
    if (unawaited !== undefined) return unawaited
  }
  // Each number holds, but nothing was there to count.
  const isOfNone = parts.every((part) => isInRange(part.got, part.range))
  const got = listWords(parts.map(describeGot))
  const headline = `Expected ${pass ? 'anything but ' : ''}${wanted}, got ${got}`
  const isTooMany = parts.some((part) => part.got > part.range.max)
  return {
    pass,
    failsNegated: isNone,
    message: () =>
      queries.count === 0 && !pass
        ? describeNoQueries(
            isOfNone ? `Expected at least one query, and ${wanted}` : `Expected ${wanted}`,
            queries,
            'If the code is meant to send none, expect 0; { min: 0, max: 2 } accepts none as well.',
          )
        : describeReport(headline, queries, {
            // Where none counts, the others show what the code does instead.
            counted: counted.length === 0 ? queries.queries : counted,
            // A cure is for too many queries.
            findings: isTooMany ? undefined : [],
            hints: pass ? [] : hintsOf(count, counted),
            allowancesGo:
              'An allowance, in detect.allow of querylens(), accepts the finding, not the number.',
          }),
    actual: listWords(parts.map(({ got: number, what }) => `${number} ${nounOf(number, what)}`)),
    expected: wanted,
    expectedIfNegated: `anything but ${wanted}`,
  }
}

/** Whether a query reads or writes a table. */
export function hasTable({ tables }: CapturedQuery, table: string): boolean {
  return tables.some((name) => isTable(name, table))
}

/** A number of queries that is expected, and the one that was found. */
interface CountedPart {
  /** A kind, or `''` for all kinds. */
  readonly what: string
  readonly range: ResolvedRange
  readonly got: number
}

function partsOf({ total, kinds }: ResolvedCount, counted: readonly CapturedQuery[]): readonly CountedPart[] {
  const ofAll = total === undefined ? [] : [{ what: '', range: total, got: counted.length }]
  const byKind = [...kinds].map(([what, range]) => ({
    what,
    range,
    got: counted.filter((query) => kindsOfQuery(query).includes(what)).length,
  }))
  return [...ofAll, ...byKind]
}

/** Why the numbers may be others than a reader of the test thinks. */
function hintsOf({ kinds }: ResolvedCount, counted: readonly CapturedQuery[]): readonly string[] {
  const several = counted.filter(({ kind }) => kind === 'several').length
  if (several === 0 || kinds.size === 0 || kinds.has('several')) return []
  return [
    `${several === 1 ? 'One query has' : `${several} queries have`} several statements in one text. Such a query has the kind 'several', and counts for no other kind.`,
  ]
}

/** `at most 2 queries`, `1 select query` */
function describeExpected({ range, what, got }: CountedPart): string {
  // At most two, got none: that would not say why.
  if (got === 0 && range.min === 1 && range.max > 1 && range.max < Infinity)
    return `1 to ${range.max} ${nounOf(range.max, what)}`
  return `${describeRange(range)} ${nounOf(range.max === Infinity ? range.min : range.max, what)}`
}

/** `21`, `none`, `1 select query` */
function describeGot({ got, what }: CountedPart): string {
  if (what !== '') return `${got} ${nounOf(got, what)}`
  return got === 0 ? 'none' : String(got)
}

/** `query`, `select queries` */
function nounOf(count: number, what: string): string {
  return `${what === '' ? '' : `${what} `}${count === 1 ? 'query' : 'queries'}`
}
