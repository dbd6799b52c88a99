import { type StatementKind } from '@querylens/core'
import { describeValue, isRecord } from '@querylens/core/internal'

import { invalidArgument } from '../invalid-argument.js'
import {
  checkedCount,
  checkedRange,
  resolveRange,
  type CountRange,
  type ResolvedRange,
} from './count-range.js'

/** The kinds that a capture counts: the statements that begin and end transactions are not in it. */
type CountedKind = Exclude<StatementKind, 'transaction'>

/** How many queries of each kind there may be: `{ select: 2, insert: { max: 1 } }`. */
export type CountByKind = { readonly [Kind in CountedKind]?: CountRange | undefined }

/**
 * How many queries the code may send, and which: a number, or an object whose fields must all hold.
 *
 * - `2`: exactly two
 * - `{ max: 2 }`: one or two. Zero queries is a failure unless it is asked for, by `0`, `{ max: 0 }` or `{ min: 0 }`
 * - `{ select: 2, insert: 1 }`: so many of each kind. Kinds that are not named may occur; `{ count: 3, select: 2, insert: 1 }`
 *   leaves no room for them. A statement with writes in its CTEs counts for their kinds as well: `with added as (insert …)
 *   select …` is one query, a select and an insert
 * - `{ table: 'books', count: 1 }`: so many that read or write the table, by itself or in a join
 */
export type QueryCount = number | ExpectedQueries

/** The object of a {@link QueryCount}. */
export interface ExpectedQueries extends CountByKind {
  /** Exactly so many. */
  readonly count?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
  /**
   * Counts the statements with this table only, in this object. As the database calls it, in any letter case; the schema may
   * be left out.
   */
  readonly table?: string | undefined
}

/** A {@link QueryCount} that was checked. */
export interface ResolvedCount {
  readonly table: string | undefined
  /** Of the statements of all kinds; `undefined` where only kinds are expected. */
  readonly total: ResolvedRange | undefined
  readonly kinds: ReadonlyMap<StatementKind, ResolvedRange>
  /** Whether code that sends nothing at all is meant to pass. */
  readonly mayBeNone: boolean
}

const KINDS: { readonly [Kind in CountedKind]: true } = {
  select: true,
  insert: true,
  update: true,
  delete: true,
  merge: true,
  call: true,
  copy: true,
  explain: true,
  schema: true,
  session: true,
  utility: true,
  several: true,
  unknown: true,
}

/**
 * Reads what a user expects.
 *
 * @param owner the assertion, as the user wrote it: `assertQueryCount()`
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` for what is no {@link QueryCount}
 */
export function resolveCount(owner: string, expected: QueryCount): ResolvedCount {
  const given: unknown = expected
  if (typeof given === 'number') {
    const range = resolveRange(owner, given)
    return { table: undefined, total: range, kinds: new Map(), mayBeNone: range.min === 0 }
  }
  if (!isRecord(given)) {
    throw invalidArgument(`${owner} takes ${TAKES}, but got ${describeValue(given)}.`)
  }
  const { table, count, min, max, ...byKind } = given
  const kinds = Object.entries(byKind).flatMap(([kind, range]): [StatementKind, ResolvedRange][] => {
    if (!isKind(kind)) throw invalidArgument(unknownField(owner, kind))
    return range === undefined ? [] : [[kind, resolveRange(`${kind} of ${owner}`, range)]]
  })
  if (table !== undefined && (typeof table !== 'string' || table.trim() === '')) {
    throw invalidArgument(`table of ${owner} takes the name of a table, but got ${describeValue(table)}.`)
  }
  const exact = checkedCount(owner, 'count', count)
  const isTotalGiven = min !== undefined || max !== undefined
  if (exact !== undefined && isTotalGiven) {
    throw invalidArgument(`${owner} takes count, or min and max, but got both.`)
  }
  if (exact === undefined && !isTotalGiven && kinds.length === 0) {
    throw invalidArgument(
      table === undefined
        ? `${owner} takes ${TAKES}, but got ${describeValue(given)}.`
        : `${owner} got a table without a number. Write { table: 'books', count: 1 }, or min, max or a kind such as select.`,
    )
  }
  const range = isTotalGiven ? checkedRange(owner, min, max) : undefined
  const total = exact === undefined ? range : { min: exact, max: exact }
  return {
    table,
    total,
    kinds: new Map(kinds),
    // None of a table is no reason to expect none at all.
    mayBeNone: min === 0 || (table === undefined && total?.min === 0),
  }
}

const TAKES =
  "a whole number from 0, or an object such as { max: 2 }, { select: 2, insert: 1 } or { table: 'books', count: 1 }"

function isKind(name: string): name is CountedKind {
  return Object.hasOwn(KINDS, name)
}

function unknownField(owner: string, name: string): string {
  return `${owner} has no field '${name}'. It takes: count, min, max, table, and the kinds ${Object.keys(KINDS).join(', ')}.`
}
