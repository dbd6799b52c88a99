import { stabilityOf } from './function-calls.js'
import { readParameterUses, type ParameterUse } from './parameter-uses.js'
import { normalizeSystem } from '../tokens/dialect.js'
import type { QueryShape } from '../shape/query-shape.js'
import { isFiltered, isLimited } from './row-filter.js'
import { readClauses } from './statement-clauses.js'
import { outlineOf, type StatementOutline } from './statement-outline.js'
import { readTree, splitAtCommas, type StatementTree } from './statement-tree.js'

export type { ParameterClause, ParameterUse } from './parameter-uses.js'

/** What a finding has to know of a statement beyond its shape. */
export interface StatementTraits {
  /** By the parameter's place in the list of parameters, from 0. */
  readonly parameters: readonly (ParameterUse | undefined)[]
  /** Whether an `IN`, `ARRAY` or `VALUES` list has several constants or rows. */
  readonly lists: boolean
  /** Whether the statement's own WHERE says anything but what columns are compared with which parameters. */
  readonly otherConditions: boolean
  /** Whether it says how many rows it wants at most. */
  readonly limited: boolean
  /** Whether it skips rows. */
  readonly offset: boolean
  /** Whether it says which rows it wants: WHERE, an inner join, HAVING, a set operation, or that of what it reads from. */
  readonly filtered: boolean
  /**
   * Whether it may answer otherwise the next time though nobody has written: by a function that may be volatile, as
   * it locks, or as we cannot read it.
   */
  readonly volatile: boolean
  /**
   * Whether its answer depends on when its transaction began, as with `now()` in PostgreSQL: two executions are
   * alike in one transaction, but not in two. Systems in which time goes on inside of a transaction have `volatile`.
   */
  readonly changesWithTime: boolean
  /** `undefined` where it cannot be read, or a name in it may be a literal. */
  readonly outline: StatementOutline | undefined
}

/** What is taken of a statement that cannot be read: nothing that anybody could be blamed for. */
const UNREAD: StatementTraits = {
  parameters: [],
  lists: true,
  otherConditions: true,
  limited: false,
  offset: false,
  filtered: true,
  volatile: true,
  changesWithTime: true,
  outline: undefined,
}

/** Shorter texts may stay alive with a part of them. */
const LONG = 1_000

/**
 * By shape, which stands for one text: a shape cache makes one for each, never the same for two texts or two
 * systems. What the cache forgets goes here as well.
 */
const known = new WeakMap<QueryShape, StatementTraits>()

/**
 * Reads a statement a second time, for the few that something is found in. Remembers the answer by its shape.
 *
 * @param sql the text that the shape was made of
 * @param system `db.system.name`
 */
export function traitsOf(shape: QueryShape, sql: string, system: string): StatementTraits {
  let traits = known.get(shape)
  if (traits === undefined) known.set(shape, (traits = readTraits(sql, system)))
  return traits
}

/** Reads a statement without remembering it. */
export function readTraits(sql: string, system: string): StatementTraits {
  const tree = readTree(sql, system)
  if (tree === undefined) return UNREAD
  const traits = traitsOfTree(tree, normalizeSystem(system))
  // A part of a text keeps the whole of it alive; a clone has strings of its own.
  return sql.length < LONG ? traits : structuredClone(traits)
}

function traitsOfTree({ items, hasDoubtfulNames }: StatementTree, system: string): StatementTraits {
  const { parameters, lists, otherConditions } = readParameterUses(items)
  const clauses = readClauses(items)
  const stability = stabilityOf(items, system)
  return {
    parameters,
    lists,
    otherConditions,
    limited: isLimited(clauses),
    offset: clauses.some(({ name, items: inner }) => {
      // MySQL has `limit 20, 10` as well.
      return name === 'offset' || (name === 'limit' && splitAtCommas(inner).length > 1)
    }),
    filtered: isFiltered(items),
    volatile: stability === 'never',
    changesWithTime: stability === 'transaction',
    outline: hasDoubtfulNames ? undefined : outlineOf(items),
  }
}
