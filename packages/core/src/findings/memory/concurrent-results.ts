import type { DatabaseInfo } from '../../messages/database-info.js'
import { processState } from '../../process-state.js'

/** An execution that has ended. */
export interface EndedExecution {
  /** The key of its parameters. */
  readonly key: number
  /** The id of its outermost scope. */
  readonly scope: number
  /** By the monotonic clock. */
  readonly startedAt: number
  readonly endedAt: number
}

/** Executions of one statement with equal parameters that ran at once in several scopes. */
export interface Burst {
  readonly key: number
  /** The ids of the scopes. */
  readonly scopes: Set<number>
  /** When the first of the executions began, by the monotonic clock. */
  readonly startedAt: number
  /** The sum of the durations. */
  totalMillis: number
  longestMillis: number
  endedAt: number
}

/** The latest slow executions of one statement, over all scopes. */
export interface StatementBursts {
  readonly ended: EndedExecution[]
  readonly bursts: Burst[]
}

/** Statements for each database; executions and bursts for each statement. */
const MAX_STATEMENTS = 100
const MAX_ENDED = 256
const MAX_BURSTS = 16
/** Under constant load each minute is a burst, so that a stampede that lasts is reported again. */
const LONGEST_MILLIS = 60_000
/** The number of scopes of a burst is a lower bound from here on. */
const MAX_SCOPES = 1_000

const state = processState('bursts', () => ({
  byDatabase: new WeakMap<DatabaseInfo, Map<string, StatementBursts>>(),
}))

/**
 * Adds an execution, and finds the burst that it belongs to: at least `atLeast` scopes whose executions ran while this one
 * did.
 *
 * @returns `undefined` if there is none; `isNew` for the execution that makes it one
 */
export function addToBurst(
  database: DatabaseInfo,
  fingerprint: string,
  execution: EndedExecution,
  atLeast: number,
): { readonly burst: Burst; readonly isNew: boolean } | undefined {
  const { ended, bursts } = statementOf(database, fingerprint)
  const { key, scope, startedAt, endedAt } = execution
  const durationMillis = endedAt - startedAt
  const others = ended.filter((other) => other.key === key && other.endedAt > startedAt)
  ended.push(execution)
  if (ended.length > MAX_ENDED) ended.shift()
  const known = bursts.find(
    (burst) => burst.key === key && burst.endedAt > startedAt && endedAt - burst.startedAt < LONGEST_MILLIS,
  )
  if (known !== undefined) {
    if (known.scopes.size < MAX_SCOPES) known.scopes.add(scope)
    known.totalMillis += durationMillis
    known.longestMillis = Math.max(known.longestMillis, durationMillis)
    known.endedAt = endedAt
    return { burst: known, isNew: false }
  }
  const all = [...others, execution]
  const scopes = new Set(all.map((each) => each.scope))
  if (scopes.size < atLeast) return undefined
  const durations = all.map((each) => each.endedAt - each.startedAt)
  const burst: Burst = {
    key,
    scopes,
    startedAt: Math.min(...all.map((each) => each.startedAt)),
    totalMillis: durations.reduce((sum, each) => sum + each, 0),
    longestMillis: Math.max(...durations),
    endedAt,
  }
  bursts.push(burst)
  if (bursts.length > MAX_BURSTS) bursts.shift()
  return { burst, isNew: true }
}

function statementOf(database: DatabaseInfo, fingerprint: string): StatementBursts {
  let statements = state.byDatabase.get(database)
  if (statements === undefined) state.byDatabase.set(database, (statements = new Map()))
  const statement = statements.get(fingerprint) ?? { ended: [], bursts: [] }
  // A map keeps the order in which its entries were added: the first one is the one that was not used for longest.
  statements.delete(fingerprint)
  statements.set(fingerprint, statement)
  if (statements.size > MAX_STATEMENTS) statements.delete(statements.keys().next().value!)
  return statement
}
