import { readBulkParameters } from './bulk-parameters.js'
import { stabilityOf } from './function-calls.js'
import { readParameterUses, type ParameterUse } from './parameter-uses.js'
import { normalizeSystem } from '../tokens/dialect.js'
import { backslashEscapesOf, type QueryShape } from '../shape/query-shape.js'
import { readRowIdentity } from './row-identity.js'
import { limitOf } from './row-limit.js'
import { isFiltered } from './row-filter.js'
import { readClauses } from './statement-clauses.js'
import { outlineOf, type StatementOutline } from './statement-outline.js'
import { readTree, splitAtCommas, type StatementTree } from './statement-tree.js'

export type { ParameterClause, ParameterUse } from './parameter-uses.js'

/** Facts about a statement beyond its shape, which findings need. */
export interface StatementTraits {
  /** By the index of the parameter in the list of parameters, from 0. */
  readonly parameters: readonly (ParameterUse | undefined)[]
  /** The indexes of the parameters that can hold many rows or keys each, as in `unnest($1)`. */
  readonly bulk: readonly number[]
  /**
   * The indexes of the parameters that decide which rows a write concerns. The others are data, such as the values of
   * SET. `undefined` if all parameters may decide it.
   */
  readonly identifying: readonly number[] | undefined
  /** Whether an `IN`, `ARRAY` or `VALUES` list has several constants or rows. */
  readonly lists: boolean
  /** Whether the statement's own WHERE contains anything other than comparisons of columns with parameters. */
  readonly otherConditions: boolean
  /** Whether LIMIT, FETCH or TOP limits the number of rows. */
  readonly limited: boolean
  /** Whether the number in LIMIT, FETCH or TOP is a literal 1, or absent as in `fetch first row only`. */
  readonly limitedToOne: boolean
  /** The index of the parameter that is the number in LIMIT, FETCH or TOP, from 0. */
  readonly limitParameter: number | undefined
  /** Whether it skips rows. */
  readonly offset: boolean
  /**
   * Whether it restricts which rows it returns: by WHERE, HAVING, an inner join or a set operation, or because each
   * relation that it reads does.
   */
  readonly filtered: boolean
  /**
   * Whether its result may change although no data changes: it calls a function that may be volatile, takes locks, or
   * cannot be read.
   */
  readonly volatile: boolean
  /**
   * Whether its result depends on the start of its transaction, as that of `now()` in PostgreSQL does: the result is
   * the same throughout one transaction only. In other systems such a statement is `volatile`.
   */
  readonly changesWithTime: boolean
  /** `undefined` if the statement cannot be read, or if a name in it may be a literal. */
  readonly outline: StatementOutline | undefined
}

/** The traits of a statement that cannot be read. They cause no finding. */
const UNREAD: StatementTraits = {
  parameters: [],
  bulk: [],
  identifying: undefined,
  lists: true,
  otherConditions: true,
  limited: false,
  limitedToOne: false,
  limitParameter: undefined,
  offset: false,
  filtered: true,
  volatile: true,
  changesWithTime: true,
  outline: undefined,
}

/** UTF-16 units. A part of a shorter text may keep the whole text in memory. */
const LONG = 1_000

/**
 * By shape. A shape cache makes one shape for each text and dialect, so a shape identifies both. When the cache drops
 * a shape, its traits go as well.
 */
const known = new WeakMap<QueryShape, StatementTraits>()

/**
 * Reads a statement a second time, for its traits, which only the statements of findings need. Remembers them by shape.
 *
 * @param sql the text of the shape
 */
export function traitsOf(shape: QueryShape, sql: string): StatementTraits {
  let traits = known.get(shape)
  if (traits === undefined) {
    traits = readTraits(sql, shape.dialect, undefined, backslashEscapesOf(shape))
    known.set(shape, traits)
  }
  return traits
}

/**
 * Reads a statement without remembering it.
 *
 * @param literalsFrom the index of the first literal in `parameters`, to read literals as parameters
 * @param backslashEscapes as for {@link readTree}
 */
export function readTraits(
  sql: string,
  system: string,
  literalsFrom?: number,
  backslashEscapes?: boolean,
): StatementTraits {
  const tree = readTree(sql, system, literalsFrom, backslashEscapes)
  if (tree === undefined) return UNREAD
  const traits = traitsOfTree(tree, normalizeSystem(system))
  // A part of a string keeps the whole string in memory. A clone has its own strings.
  return sql.length < LONG ? traits : structuredClone(traits)
}

function traitsOfTree({ items, hasDoubtfulNames }: StatementTree, system: string): StatementTraits {
  const { parameters, lists, otherConditions } = readParameterUses(items)
  const clauses = readClauses(items)
  const stability = stabilityOf(items, system)
  const limit = limitOf(clauses)
  return {
    parameters,
    bulk: readBulkParameters(items),
    identifying: readRowIdentity(items, parameters),
    lists,
    otherConditions,
    limited: limit !== undefined,
    limitedToOne: limit?.isOne === true,
    limitParameter: limit?.parameter,
    offset: clauses.some(({ name, items: inner }) => {
      // MySQL's `limit 20, 10` skips 20 rows.
      return name === 'offset' || (name === 'limit' && splitAtCommas(inner).length > 1)
    }),
    filtered: isFiltered(items),
    volatile: stability === 'never',
    changesWithTime: stability === 'transaction',
    outline: hasDoubtfulNames ? undefined : outlineOf(items),
  }
}
