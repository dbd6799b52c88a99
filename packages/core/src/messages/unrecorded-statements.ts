import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import { channels } from './channels.js'

/** The channels on which drivers publish their statements when they send them, or right after. */
const DRIVERS: readonly (readonly [channel: string, driver: string])[] = [
  // From mysql2 3.20 on: https://github.com/sidorares/node-mysql2/pull/4178
  ['tracing:mysql2:query:start', 'mysql2'],
  ['tracing:mysql2:execute:start', 'mysql2'],
  // From Node 26 on: https://github.com/nodejs/node/pull/62241
  ['sqlite.db.query', 'node:sqlite'],
]

/** Counts statements that drivers send, and that no adapter records. */
export interface UnrecordedStatements {
  /** Number of statements by driver, such as `mysql2`. Drivers without any are left out. */
  readonly byDriver: ReadonlyMap<string, number>
  /** Ends the count. */
  stop(): void
}

/**
 * Counts the statements of this process that a driver sends while no recorded statement runs and no recorded call waits
 * for a connection: those of a Kysely instance or of a driver that is not instrumented.
 *
 * The number is a lower bound: a statement that a driver sends while a recorded one runs does not count. It knows the
 * drivers that publish on diagnostics channels: `mysql2` and `node:sqlite`, but neither `pg` nor `better-sqlite3`.
 *
 * It never reads the text of a statement, which holds values.
 */
export function countUnrecordedStatements(): UnrecordedStatements {
  const byDriver = new Map<string, number>()
  const running = new Set<object>()
  const handlers = {
    start: (message: object) => void running.add(message),
    asyncEnd: (message: object) => void running.delete(message),
  }
  const listeners = DRIVERS.map(([channel, driver]) => {
    const onStatement = (): void => {
      if (running.size === 0) byDriver.set(driver, (byDriver.get(driver) ?? 0) + 1)
    }
    return [channel, onStatement] as const
  })
  const recorded = [channels.query, channels.connection] as const
  for (const operations of recorded) operations.subscribe(handlers)
  for (const [channel, listener] of listeners) subscribe(channel, listener)
  return {
    byDriver,
    stop() {
      for (const operations of recorded) operations.unsubscribe(handlers)
      for (const [channel, listener] of listeners) unsubscribe(channel, listener)
    },
  }
}
