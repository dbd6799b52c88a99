import { AsyncLocalStorage } from 'node:async_hooks'

import type { DatabaseInfo } from '../../messages/database-info.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import { processState } from '../../process-state.js'

/** A transaction whose callback is running, and the one around it. */
interface SurroundingTransaction {
  readonly transaction: TransactionExecution
  outer: SurroundingTransaction | undefined
}

const state = processState('transactions', () => ({
  storage: new AsyncLocalStorage<SurroundingTransaction>(),
}))

/**
 * Makes a transaction the surrounding one for the code that awaits its begin, such as the callback of
 * `db.transaction().execute(callback)`. Call it before the first `await` of the begin: the caller's `await` then keeps the
 * context.
 */
export function enterTransaction(transaction: TransactionExecution): void {
  state.storage.enterWith({ transaction, outer: active(state.storage.getStore()) })
}

/** The open transaction of a database whose callback is running here; `undefined` if there is none. */
export function surroundingTransaction(database: DatabaseInfo): TransactionExecution | undefined {
  let surrounding = active(state.storage.getStore())
  while (surrounding !== undefined && surrounding.transaction.database !== database) {
    surrounding = active(surrounding.outer)
  }
  return surrounding?.transaction
}

/**
 * Finds the innermost transaction that is open, and forgets those around it that are over: each transaction of a worker may
 * begin inside the one before it, and the chain would keep all of them in memory.
 */
function active(surrounding: SurroundingTransaction | undefined): SurroundingTransaction | undefined {
  let innermost = surrounding
  while (innermost !== undefined && innermost.transaction.outcome !== 'active') innermost = innermost.outer
  if (innermost !== undefined) innermost.outer = active(innermost.outer)
  return innermost
}
