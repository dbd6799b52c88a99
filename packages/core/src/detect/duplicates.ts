import type { QueryShape } from '../sql/query-shape.js'
import type { StatementTraits } from '../sql/statement-traits.js'
import { framesOf, siteKeyOf, type CapturedStack } from './call-site.js'
import type { Finding } from './finding.js'
import { distinctCallSites, type FindingLedger } from './finding-ledger.js'
import type { Step } from './repeats.js'
import { suggestOnce } from './suggestion.js'
import type { TableWrites } from './table-writes.js'
import { Timing } from './timing.js'

/** The executions of one statement with one set of parameters. */
interface Answer {
  /** The last of them: what is written after it makes the next one worth it. */
  last: Step
  repeats: number
}

const MAX_ANSWERS = 1_000
const MAX_STACKS = 32

/** The executions of one statement in a scope, by their parameters. */
export class Duplicates {
  readonly #answers = new Map<number, Answer>()
  readonly #stacks = new Map<string, CapturedStack>()
  readonly #timing = new Timing()
  /** Executions that could be a finding, each set of parameters with its first. */
  #count = 0
  #distinct = 0
  #avoidable = 0
  #latest: Step | undefined
  #isSettled = false
  finding: Finding | undefined

  /** How many executions the finding is about. */
  get count(): number {
    return this.#count
  }

  /**
   * Adds an execution.
   *
   * @returns whether its rows were there already
   */
  add(step: Step, key: number, shape: QueryShape, writes: TableWrites): boolean {
    const answer = this.#answers.get(key)
    if (answer === undefined) {
      if (this.#answers.size < MAX_ANSWERS) this.#answers.set(key, { last: step, repeats: 0 })
      return false
    }
    const { last } = answer
    answer.last = step
    const isStale =
      last.execution.outcome === 'failed' ||
      last.execution.outcome === 'cancelled' ||
      last.execution.transaction !== step.execution.transaction ||
      writes.hasSince(shape, last.at)
    if (isStale) return false
    if (answer.repeats++ === 0) {
      this.#count++
      this.#distinct++
      this.#note(last)
    }
    this.#count++
    this.#avoidable++
    this.#note(step)
    this.#latest = step
    return true
  }

  /** Ends one of the executions that {@link add} found to be repeated. */
  end(now: number, durationMillis: number): void {
    this.#timing.end(now, durationMillis)
  }

  /** Opens a finding if there are enough repetitions. */
  judge(threshold: number, ledger: FindingLedger, refusable: boolean): void {
    const step = this.#latest
    if (this.#isSettled || step === undefined || this.#avoidable + 1 < threshold) return
    const { execution } = step
    // Whatever comes of it, it is judged once.
    this.#isSettled = true
    this.finding = ledger.open({
      kind: 'duplicate_query',
      evidence: 'proven',
      database: execution.database,
      execution,
      frames: framesOf(step.stack),
      refusable,
      refresh: (finding) => {
        finding.count = this.#count
        finding.distinctCount = this.#distinct
        finding.avoidableCount = this.#avoidable
        finding.durationMillis = this.#timing.totalMillis
        finding.overlappingMillis = this.#timing.overlappingMillis
        finding.callSites = distinctCallSites([...this.#stacks.values()].map((stack) => framesOf(stack)[0]))
        finding.suggestion = suggestOnce(finding)
        return {}
      },
    })
  }

  #note(step: Step): void {
    if (step.stack !== undefined && this.#stacks.size < MAX_STACKS) {
      this.#stacks.set(siteKeyOf(framesOf(step.stack)), step.stack)
    }
    if (step.durationMillis !== undefined) this.#timing.add(step.durationMillis)
    else {
      this.#timing.start(step.startedAt)
      step.duplicates = this
    }
  }
}

/** Whether asking again may give something else though nobody has written. */
export function mayChange(shape: QueryShape, traits: StatementTraits): boolean {
  return shape.kind !== 'select' || shape.writtenTables.length > 0 || traits.volatile
}
