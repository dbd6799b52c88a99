import { clock } from '../../clock.js'
import type { TrackedQuery } from './tracked-query.js'

/**
 * In milliseconds. The shortest time that counts as a wait for something else than the database. A poll waits longer
 * between two reads; the code between two statements of a loop takes less, or takes it without a turn of the event loop.
 */
const SHORTEST = 5
/** In milliseconds. The shortest time that two calls of the same code wait, beside the statements in between. */
const SHORTEST_BESIDE = 1

/** The end of an operation: the time by the monotonic clock, and the turn of the event loop. */
interface End {
  readonly endedAt: number | undefined
  readonly endedTurn: number | undefined
}

/** Notes when a scope waited for something else than the database: a timer, a message, another service. */
export class Pauses {
  #running = 0
  /** The latest operation that ended while no other one ran. */
  #latestEnd: End | undefined
  /** The first statement after the latest pause, by the number of statements before it. */
  #latest = -1
  /** How long no operation ran, because the scope waited, in milliseconds. */
  #idleMillis = 0

  /** A statement is about to be sent. */
  queryStarts(query: TrackedQuery): void {
    query.ranBeside = this.operationStarts(query.startedAt, query.at)
    query.idleAtStart = this.#idleMillis
  }

  /** @param endedAt by the monotonic clock */
  queryEnds(query: TrackedQuery, endedAt: number): void {
    query.endedAt = endedAt
    query.endedTurn = turnOfLoop()
    query.idleAtEnd = this.#idleMillis
    if (this.operationEnds(endedAt)) query.ranBeside = true
  }

  /**
   * The scope begins to wait for the database: for a statement, a command of a transaction or a connection.
   *
   * @param begun number of statements that have begun
   * @returns whether another operation is running
   */
  operationStarts(startedAt: number, begun: number): boolean {
    if (this.#running++ > 0) return true
    const waited = this.#latestEnd === undefined ? 0 : waitBetween(this.#latestEnd, startedAt)
    this.#idleMillis += waited
    if (waited >= SHORTEST) this.#latest = begun
    return false
  }

  /** @returns whether another operation is running */
  operationEnds(endedAt: number): boolean {
    this.#running = Math.max(0, this.#running - 1)
    if (this.#running > 0) return true
    this.#latestEnd = { endedAt, endedTurn: turnOfLoop() }
    return false
  }

  /** Whether the scope has paused since the statement with this number began. */
  isSince(at: number): boolean {
    return this.#latest > at
  }

  /**
   * Whether one call site may have waited between two of its statements, although the scope ran others meanwhile. Where
   * these others are all that it waited for, they follow one another without a wait, and not beside its own.
   */
  mayBeBetween(earlier: TrackedQuery, later: TrackedQuery): boolean {
    const waitedFrom = later.startedAt - (later.execution.connectionWaitMillis ?? 0)
    if (waitBetween(earlier, waitedFrom) < SHORTEST) return false
    return earlier.ranBeside || later.ranBeside || later.idleAtStart - earlier.idleAtEnd >= SHORTEST_BESIDE
  }
}

/** The time between two operations in milliseconds; 0 if nothing but code ran. */
function waitBetween({ endedAt, endedTurn }: End, startedAt: number): number {
  return endedAt === undefined || endedTurn === turns ? 0 : Math.max(0, startedAt - endedAt)
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
    clock.setImmediate(endTurn).unref()
  }
  return turns
}

function endTurn(): void {
  hasMark = false
  turns++
}
