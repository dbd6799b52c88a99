import type { CallerSignal } from './caller-signal.js'
import type { RowCounts } from './row-counts.js'
import type { Session } from './session.js'
import type { Statement } from './statement.js'
import { StatementRun } from './statement-run.js'

/** Outlives the iterator of a stream, so that a stream that its consumer forgets can still be closed. */
interface StreamHandle {
  run: StatementRun | undefined
}

const forgottenStreams = new FinalizationRegistry<StreamHandle>(({ run }) => run?.end('abandoned'))

/**
 * Reads a statement chunk by chunk and publishes it on `querylens:query`. It lasts from the first chunk that the consumer
 * asks for until the consumer stops: at the end, by an error, by `break`, or by forgetting the iterator.
 *
 * @param open the driver's call. A driver sends the statement when it is asked for the first chunk, so only that step runs
 *   in the context that subscribers choose
 * @param signal the caller's abort signal
 */
export function recordStream<Chunk extends RowCounts>(
  session: Session,
  statement: Statement,
  open: () => AsyncIterableIterator<Chunk>,
  signal: CallerSignal,
): AsyncIterableIterator<Chunk> {
  const handle: StreamHandle = { run: undefined }
  const iterator = readStream(handle, session, statement, open, signal)
  forgottenStreams.register(iterator, handle, handle)
  return iterator
}

async function* readStream<Chunk extends RowCounts>(
  handle: StreamHandle,
  session: Session,
  statement: Statement,
  open: () => AsyncIterableIterator<Chunk>,
  signal: CallerSignal,
): AsyncGenerator<Chunk> {
  const run = StatementRun.open(session, statement, { kind: 'stream', signal, entryPoint: readStream })
  if (run === undefined) {
    forgottenStreams.unregister(handle)
    yield* { [Symbol.asyncIterator]: () => iteratorOf(open()) }
    return
  }
  handle.run = run
  let chunks: AsyncIterator<Chunk> | undefined
  let isExhausted = true // an iterator that fails, or has not begun, needs no closing
  try {
    let next = await run.send(() => {
      chunks = iteratorOf(open())
      return chunks.next()
    })
    while (next.done !== true) {
      isExhausted = false
      run.chunkArrives(next.value)
      yield next.value
      isExhausted = true
      next = await chunks!.next()
    }
    return next.value
  } catch (error) {
    run.fail(error)
    throw error
  } finally {
    try {
      if (!isExhausted) await closeEarly(run, chunks)
    } finally {
      forgottenStreams.unregister(handle)
      run.end(isExhausted ? 'completed' : 'stopped')
    }
  }
}

/**
 * The iterator of a driver's stream. Kysely reads a stream with `for await`, which accepts any iterable, such as an array;
 * with a signal it only calls `next`, so an iterator without `Symbol.asyncIterator` is enough.
 */
function iteratorOf<Chunk>(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk> | AsyncIterator<Chunk>,
): AsyncIterator<Chunk> {
  if (Symbol.asyncIterator in chunks) return chunks[Symbol.asyncIterator]()
  return Symbol.iterator in chunks ? iterate(chunks) : chunks
}

async function* iterate<Chunk>(chunks: Iterable<Chunk>): AsyncGenerator<Chunk> {
  yield* chunks
}

/** Closes a stream whose reader has left it. */
async function closeEarly(run: StatementRun, chunks: AsyncIterator<unknown> | undefined): Promise<void> {
  try {
    await chunks?.return?.()
  } catch (error) {
    run.fail(error)
    throw error
  }
}
