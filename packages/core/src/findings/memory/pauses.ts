// A fake timer of a test would never run.
import { setImmediate } from 'node:timers'

import type { TrackedQuery } from './tracked-query.js'

/**
 * In milliseconds. The shortest time that counts as a wait for something else than the database. A poll waits longer
 * between two reads; the code between two statements of a loop takes less, or takes it without a turn of the event loop.
 */
const SHORTEST = 5

/** Notes when a scope waited for something else than the database: a timer, a message, another service. */
export class Pauses {
  #running = 0
  /** The latest statement that ended while no other one ran. */
  #latestEnd: TrackedQuery | undefined
  /** The first statement after the latest pause, by the number of statements before it. */
  #latest = -1

  /** A statement is about to be sent. */
  queryStarts(query: TrackedQuery): void {
    if (this.#running++ > 0) query.ranBeside = true
    else if (this.#latestEnd !== undefined && hasWaited(this.#latestEnd, query)) this.#latest = query.at
  }

  /** @param endedAt by the monotonic clock */
  queryEnds(query: TrackedQuery, endedAt: number): void {
    query.endedAt = endedAt
    query.endedTurn = turnOfLoop()
    this.#running = Math.max(0, this.#running - 1)
    if (this.#running > 0) query.ranBeside = true
    else this.#latestEnd = query
  }

  /** Whether the scope has paused since the statement with this number began. */
  isSince(at: number): boolean {
    return this.#latest > at
  }

  /**
   * Whether the code may have waited between two statements, at least one of which ran beside others of the scope. These
   * others may be a part of what it waited for, or have nothing to do with it.
   */
  mayBeBetween(earlier: TrackedQuery, later: TrackedQuery): boolean {
    return (earlier.ranBeside || later.ranBeside) && hasWaited(earlier, later)
  }
}

/** Whether time passed between two statements, other than by code that ran or in the wait for a connection. */
function hasWaited({ endedAt, endedTurn }: TrackedQuery, { startedAt, execution }: TrackedQuery): boolean {
  if (endedAt === undefined || endedTurn === turns) return false
  return startedAt - (execution.connectionWaitMillis ?? 0) - endedAt >= SHORTEST
}

let hasMark = false
let turns = 0

/**
 * Counts the turns of the event loop, as far as it has been asked: between two calls without a wait the number stays the
 * same, however long the code or a busy machine takes. An immediate runs before any timer, and costs less than a
 * microsecond for all scopes together.
 */
function turnOfLoop(): number {
  if (!hasMark) {
    hasMark = true
    setImmediate(endTurn).unref()
  }
  return turns
}

function endTurn(): void {
  hasMark = false
  turns++
}
