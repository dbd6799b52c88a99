import type { DatabaseInfo } from '../messages/database-info.js'
import { processState } from '../process-state.js'

/** A database that an adapter has instrumented in this process. */
export interface InstrumentedDatabase {
  readonly database: DatabaseInfo
  /** Number of the application's statements that were recorded since the process started, or since the first of them. */
  readonly queryCount: number
}

/** The part that changes. */
export interface DatabaseFigures {
  queryCount: number
}

/** Weak: a test suite may make a database for each test. */
const state = processState('databases', () => {
  const order = new Set<WeakRef<DatabaseInfo>>()
  return {
    order,
    figures: new WeakMap<DatabaseInfo, DatabaseFigures>(),
    forgotten: new FinalizationRegistry<WeakRef<DatabaseInfo>>((reference) => order.delete(reference)),
  }
})

/** Lists a database, once. An adapter calls it at set-up, so that a database without a query is listed. */
export function registerDatabase(database: DatabaseInfo): DatabaseFigures {
  let figures = state.figures.get(database)
  if (figures === undefined) {
    state.figures.set(database, (figures = { queryCount: 0 }))
    const reference = new WeakRef(database)
    state.order.add(reference)
    state.forgotten.register(database, reference)
  }
  return figures
}

/** The instrumented databases of this process, in the order of their set-up; those that nothing refers to are left out. */
export function instrumentedDatabases(): readonly InstrumentedDatabase[] {
  const list: InstrumentedDatabase[] = []
  for (const reference of state.order) {
    const database = reference.deref()
    if (database !== undefined) list.push({ database, queryCount: registerDatabase(database).queryCount })
  }
  return list
}
