import type { CallerSignal } from './caller-signal.js'
import type { RowCounts } from './row-counts.js'
import type { Session } from './session.js'
import type { Statement } from './statement.js'
import { StatementRun } from './statement-run.js'

/**
 * Runs one statement and publishes it on `querylens:query`.
 *
 * An `async` function rather than `then`: V8 follows only `await` when it collects the application's frames.
 *
 * @param operation the driver's call; its result and its error go to the caller unchanged
 * @param signal the caller's abort signal
 */
export async function recordQuery<Result extends RowCounts>(
  session: Session,
  statement: Statement,
  operation: () => Promise<Result>,
  signal: CallerSignal,
): Promise<Result> {
  const kind = session.inTransactionCommand ? 'transaction_control' : 'query'
  const run = StatementRun.open(session, statement, { kind, signal, entryPoint: recordQuery })
  if (run === undefined) return operation()
  let result: Result
  try {
    result = await run.send(operation)
  } catch (error) {
    run.fail(error)
    run.end('completed')
    throw error
  }
  run.end('completed', result)
  return result
}
