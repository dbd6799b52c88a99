import { channels } from '../messages/channels.js'
import type { Timing } from '../timing.js'
import { closeQueryExecution, countRows, openQueryExecution, type RowCounts } from './query-execution.js'
import type { QueryExecution, QueryOutcome } from '../messages/query-execution.js'
import { openDetection, type Detection, type Statement } from './detection.js'
import type { Session } from './session.js'
import { finishOperation, startOperation } from './trace-operation.js'

/** What outlives a stream's iterator, so that one that nobody finished can still be closed. */
interface StreamRecord {
  execution: QueryExecution | undefined
  detection: Detection | undefined
  timing: Timing | undefined
  startedAt: number
}

const abandonedStreams = new FinalizationRegistry<StreamRecord>((record) => close(record, 'abandoned'))

/**
 * Reads a statement chunk by chunk and traces it on `querylens:query`, from the first chunk that is asked
 * for until the consumer stops: at the end, by an error, by `break`, or by forgetting the iterator.
 *
 * @param open the driver's call; a driver sends the statement when the first chunk is asked for, so only
 *   that step runs in the context of the execution
 */
export function recordStream<Chunk extends RowCounts>(
  session: Session,
  statement: Statement,
  open: () => AsyncIterableIterator<Chunk>,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<Chunk> {
  const record: StreamRecord = {
    execution: undefined,
    detection: undefined,
    timing: undefined,
    startedAt: 0,
  }
  const iterator = readStream(record, session, statement, open, signal)
  abandonedStreams.register(iterator, record, record)
  return iterator
}

async function* readStream<Chunk extends RowCounts>(
  record: StreamRecord,
  session: Session,
  statement: Statement,
  open: () => AsyncIterableIterator<Chunk>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Chunk> {
  record.startedAt = performance.now()
  const opened = openQueryExecution(session, 'stream', statement.sql, record.startedAt)
  if (opened === undefined) {
    abandonedStreams.unregister(record)
    yield* open()
    return
  }
  const execution: QueryExecution = opened
  record.execution = execution
  record.detection = openDetection(session, execution, statement, record.startedAt, readStream)
  record.timing = session.transactionTiming
  record.timing?.start(record.startedAt)
  let chunks: AsyncIterableIterator<Chunk> | undefined
  let exhausted = true // an iterator that fails, or has not begun, needs no closing
  try {
    let next = await startOperation(channels.query, execution, () => {
      record.detection?.begin()
      chunks = open()
      return chunks.next()
    })
    while (next.done !== true) {
      exhausted = false
      countRows(execution, next.value)
      record.detection?.takeRows(next.value.rows)
      yield next.value
      exhausted = true
      next = await chunks!.next()
    }
    return next.value
  } catch (error) {
    fail(error)
    throw error
  } finally {
    await finish()
  }

  async function finish(): Promise<void> {
    try {
      if (!exhausted) await chunks?.return?.()
    } catch (error) {
      fail(error)
      throw error
    } finally {
      abandonedStreams.unregister(record)
      const ended = execution.failed ? 'failed' : exhausted ? 'completed' : 'stopped'
      close(record, signal?.aborted ? 'cancelled' : ended)
    }
  }

  function fail(error: unknown): void {
    execution.failed = true
    execution.error = error
  }
}

function close(record: StreamRecord, outcome: QueryOutcome): void {
  const { execution, detection, timing, startedAt } = record
  if (execution === undefined) return
  const settle = (message: QueryExecution): void => {
    const durationMillis = performance.now() - startedAt
    closeQueryExecution(message, outcome, durationMillis)
    timing?.end(startedAt + durationMillis, durationMillis)
    detection?.end(undefined)
  }
  finishOperation(channels.query, execution, settle, undefined)
}
