import type { Finding } from '../../../messages/finding.js'
import type { QueryExecution } from '../../../messages/query-execution.js'
import { distinctCallSites } from '../../../stack/call-site.js'
import { framesOf, siteKeyOf, type CapturedStack } from '../../../stack/captured-stack.js'
import { partingFramesOf } from '../../../stack/loop-frame.js'
import { Timing } from '../../../timing.js'
import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import type { QueryFollower, TrackedQuery } from '../../memory/tracked-query.js'
import { suggestOnce } from '../../suggest/suggest-once.js'
import type { DetectorContext } from '../detector.js'

/** The executions of one statement with one set of parameters. */
interface SameParameters {
  /** The latest of them. After a write, the next execution may return another result. */
  latest: QueryExecution
  latestAt: number
  /** The first execution since the last write, until another execution repeats it. */
  unrepeated: TrackedQuery | undefined
  wasRepeated: boolean
}

const MAX_STACKS = 32

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
    const { execution, at } = query
    const known = this.#byParameters.get(key)
    if (known === undefined) {
      if (this.#context.memory.results.take()) {
        this.#byParameters.set(key, {
          latest: execution,
          latestAt: at,
          unrepeated: query,
          wasRepeated: false,
        })
      }
      return false
    }
    const isRepetition = this.#isRepetition(known, execution)
    known.latest = execution
    known.latestAt = at
    if (!isRepetition) {
      known.unrepeated = query
      return false
    }
    if (known.unrepeated !== undefined) {
      this.#take(known.unrepeated)
      known.unrepeated = undefined
    }
    if (!known.wasRepeated) this.#distinct++
    known.wasRepeated = true
    this.#take(query)
    this.#avoidable++
    this.#latest = query
    return true
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

  /** A refused execution has no result, but it may have repeated an execution that has one. */
  #isRepetition({ latest, latestAt, wasRepeated }: SameParameters, execution: QueryExecution): boolean {
    return (
      latest.outcome !== 'failed' &&
      latest.outcome !== 'cancelled' &&
      (latest.outcome !== 'refused' || wasRepeated) &&
      latest.transaction === execution.transaction &&
      !this.#context.memory.writes.hasSince(execution.shape, latestAt)
    )
  }
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
