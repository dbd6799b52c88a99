import type { Finding } from '../../../messages/finding.js'
import { distinctCallSites } from '../../../stack/call-site.js'
import { framesOf, positionOf, siteKeyOf, type CapturedStack } from '../../../stack/captured-stack.js'
import { partingFramesOf } from '../../../stack/loop-frame.js'
import { Timing } from '../../../timing.js'
import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import type { QueryFollower, TrackedQuery } from '../../memory/tracked-query.js'
import { parametersKeyOf } from '../../memory/value-key.js'
import { suggestOnce } from '../../suggest/suggest-once.js'
import type { DetectorContext } from '../detector.js'

/** The executions of one statement with one set of parameters. */
interface SameParameters {
  /** The latest of them. After a write, the next execution may return another result. */
  latest: TrackedQuery
  /** The executions since the last change that may have altered their result, until another execution repeats them. */
  unrepeated: readonly TrackedQuery[]
  /** The key of the latest result, if a write to another table was in between. */
  result: number | undefined
  /** How many executions in a row returned that result. */
  sameResults: number
  wasRepeated: boolean
}

const MAX_STACKS = 32
/**
 * A write to another table may change a result, by a trigger or a cascade. After so many executions with equal results,
 * each after such a write, it does not.
 */
const UNCHANGED_AFTER = 4

/** The executions of one statement in a scope, by their parameters. */
export class DuplicateExecutions implements QueryFollower {
  readonly #context: DetectorContext
  readonly #byParameters = new Map<number, SameParameters>()
  readonly #stacks = new Map<string, CapturedStack>()
  readonly #timing = new Timing()
  /** Executions that are part of the finding: the repetitions, and the ones that they repeat. */
  #count = 0
  #distinct = 0
  #avoidable = 0
  #latest: TrackedQuery | undefined
  #isDecided = false
  #finding: Finding | undefined

  constructor(context: DetectorContext) {
    this.#context = context
  }

  /** Whether it has been decided if this is a finding. */
  get isDecided(): boolean {
    return this.#isDecided
  }

  /** @returns whether an earlier execution has got the same result already */
  add(query: TrackedQuery): boolean {
    const key = query.keys.whole
    if (key === undefined) return false
    const known = this.#byParameters.get(key)
    if (known === undefined) {
      if (this.#context.memory.results.take()) {
        this.#byParameters.set(key, {
          latest: query,
          unrepeated: [query],
          result: undefined,
          sameResults: 0,
          wasRepeated: false,
        })
      }
      return false
    }
    const { latest } = known
    known.latest = query
    if (!this.#mayRepeat(latest, query, known.wasRepeated)) {
      known.unrepeated = [query]
      known.result = undefined
      known.sameResults = 0
      return false
    }
    if (!this.#context.memory.writes.hasAnySince(latest.at)) {
      this.#addRepetition(known, query, known.unrepeated.slice(-1))
      return true
    }
    query.awaitRows((rows) => noteResult(known, query, rows))
    if (known.sameResults < UNCHANGED_AFTER) {
      known.unrepeated = [...known.unrepeated, query].slice(-UNCHANGED_AFTER)
      return false
    }
    this.#addRepetition(known, query, known.unrepeated)
    return true
  }

  #addRepetition(known: SameParameters, query: TrackedQuery, repeated: readonly TrackedQuery[]): void {
    for (const earlier of repeated) this.#take(earlier)
    this.#avoidable += Math.max(1, repeated.length)
    known.unrepeated = []
    if (!known.wasRepeated) this.#distinct++
    known.wasRepeated = true
    this.#take(query)
    this.#latest = query
  }

  queryEnded(_: TrackedQuery, now: number, durationMillis: number): void {
    this.#timing.end(now, durationMillis)
  }

  /**
   * Opens a finding if there are enough repetitions.
   *
   * @param mayRefuse whether the latest execution can still be rejected
   * @throws FindingError in the mode `throw`
   */
  check(mayRefuse: boolean): void {
    const query = this.#latest
    const { limits, ledger } = this.#context
    const limit = limits.duplicate_query?.atLeast ?? Number.POSITIVE_INFINITY
    if (query === undefined || this.#avoidable + 1 < limit) return
    if (!this.#isDecided) {
      this.#isDecided = true
      this.#finding = this.#open(query)
    }
    if (mayRefuse) ledger.refuse(this.#finding, query.entryPoint)
  }

  /**
   * Rejects an execution after the end of the scope if it repeats one of the finding.
   *
   * @throws FindingError in the mode `throw`
   */
  refuseLate({ keys, entryPoint }: TrackedQuery): void {
    const known = keys.whole === undefined ? undefined : this.#byParameters.get(keys.whole)
    if (known?.wasRepeated === true) this.#context.ledger.refuse(this.#finding, entryPoint)
  }

  #open({ execution, stack }: TrackedQuery): Finding | undefined {
    return this.#context.ledger.open({
      kind: 'duplicate_query',
      evidence: 'proven',
      database: execution.database,
      execution,
      frames: framesOf(stack),
      refresh: (finding) => {
        finding.count = this.#count
        finding.distinctCount = this.#distinct
        finding.avoidableCount = this.#avoidable
        finding.durationMillis = this.#timing.totalMillis
        finding.overlappingMillis = this.#timing.overlappingMillis
        finding.callSites = distinctCallSites(partingFramesOf([...this.#stacks.values()].map(framesOf)))
        finding.suggestion = suggestOnce(finding)
        return {}
      },
    })
  }

  #take(query: TrackedQuery): void {
    this.#count++
    if (query.stack !== undefined && this.#stacks.size < MAX_STACKS) {
      this.#stacks.set(siteKeyOf(framesOf(query.stack)), query.stack)
    }
    if (query.durationMillis !== undefined) this.#timing.add(query.durationMillis)
    else {
      this.#timing.start(query.startedAt)
      query.follow(this)
    }
  }

  /**
   * Whether an execution can only return the latest result, unless a write to another table has changed it. A refused
   * execution has no result, but it may have repeated an execution that has one.
   */
  #mayRepeat(latest: TrackedQuery, query: TrackedQuery, wasRepeated: boolean): boolean {
    const { outcome, transaction } = latest.execution
    const { execution } = query
    return (
      outcome !== 'failed' &&
      outcome !== 'cancelled' &&
      (outcome !== 'refused' || wasRepeated) &&
      transaction === execution.transaction &&
      !this.#context.memory.writes.hasSince(execution.shape, latest.at) &&
      !this.#mayPoll(latest, query)
    )
  }

  /** Whether the scope may have waited for another result: a poll, or a read after a notification. */
  #mayPoll(latest: TrackedQuery, query: TrackedQuery): boolean {
    const { pauses } = this.#context.memory
    if (pauses.isSince(latest.at)) return true
    if (!pauses.mayBeBetween(latest, query)) return false
    return isSameQuery(latest, query)
  }
}

/** Whether one line of the code may have sent both. Which of its callers did is uncertain for a call that has waited. */
function isSameQuery({ stack: earlier }: TrackedQuery, { stack: later }: TrackedQuery): boolean {
  const [one, other] = [framesOf(earlier)[0], framesOf(later)[0]]
  return one === undefined || other === undefined || positionOf(one) === positionOf(other)
}

function noteResult(
  known: SameParameters,
  { execution }: TrackedQuery,
  rows: readonly unknown[] | undefined,
): void {
  if (execution.outcome !== 'completed') return
  const result = rows === undefined ? undefined : parametersKeyOf(rows, 0).visible
  const isSame = result !== undefined && result === known.result
  known.sameResults = isSame ? known.sameResults + 1 : 1
  if (!isSame) known.unrepeated = known.unrepeated.slice(-1)
  known.result = result
}

/** Whether a second execution may return another result although no statement of the scope has written. */
export function mayChange(
  { execution }: TrackedQuery,
  { volatile, changesWithTime }: StatementTraits,
): boolean {
  const { kind, writtenTables } = execution.shape
  if (kind !== 'select' || writtenTables.length > 0 || volatile) return true
  return changesWithTime && execution.transaction === undefined
}
