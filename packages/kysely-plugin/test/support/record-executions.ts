import { channels, type ConnectionUse, type QueryExecution, type TransactionExecution } from '@querylens/core'
import { afterEach, beforeEach } from 'vitest'

/** The messages of a test, in the order in which the operations ended. */
export interface Recording {
  readonly queries: QueryExecution[]
  readonly transactions: TransactionExecution[]
  readonly connections: ConnectionUse[]
  readonly releases: ConnectionUse[]
}

/** Collects the messages of each test of the file. */
export function recordExecutions(): Recording {
  const recording: Recording = { queries: [], transactions: [], connections: [], releases: [] }
  const queries = { asyncEnd: (message: QueryExecution) => void recording.queries.push(message) }
  const transactions = {
    asyncEnd: (message: TransactionExecution) => void recording.transactions.push(message),
  }
  const connections = { asyncEnd: (message: ConnectionUse) => void recording.connections.push(message) }
  const onRelease = (message: unknown): void => void recording.releases.push(message as ConnectionUse)

  beforeEach(() => {
    for (const messages of Object.values(recording) as unknown[][]) messages.length = 0
    channels.query.subscribe(queries)
    channels.transaction.subscribe(transactions)
    channels.connection.subscribe(connections)
    channels.release.subscribe(onRelease)
  })
  afterEach(() => {
    channels.query.unsubscribe(queries)
    channels.transaction.unsubscribe(transactions)
    channels.connection.unsubscribe(connections)
    channels.release.unsubscribe(onRelease)
  })
  return recording
}
