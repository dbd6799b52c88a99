import type { QueryExecution } from '../../messages/query-execution.js'
import type { StatementTraits } from '../../sql/tree/statement-traits.js'
import { distinctCallSites } from '../../stack/call-site.js'
import { framesOf, partingFramesOf, siteKeyOf, type CapturedStack } from '../../stack/captured-stack.js'
import type { ScopeMemory } from './n-plus-one/repeated-statement.js'
import type { TrackedQuery } from '../tracked-query.js'
import type { Finding } from '../../messages/finding.js'
import type { FindingLedger } from '../report/finding-ledger.js'
import { suggestOnce } from '../suggest/suggestion.js'
import { Timing } from '../../timing.js'

/** The executions of one statement with one set of parameters. */
interface Answer {
  /** The last of them that was sent: what is written after it makes the next one worth it. */
  execution: QueryExecution
  at: number
  /** The first since the last write, as long as nobody has repeated it. */
  unrepeated: TrackedQuery | undefined
  /** Whether it has ever been repeated. */
  wasRepeated: boolean
}

const MAX_STACKS = 32

/** The executions of one statement in a scope, by their parameters. */
export class Duplicates {
  readonly #answers = new Map<number, Answer>()
  readonly #stacks = new Map<string, CapturedStack>()
  readonly #timing = new Timing()
  /** Executions that are part of the finding: repetitions, and what each of them repeats. */
  #count = 0
  #distinct = 0
  #avoidable = 0
  #latest: TrackedQuery | undefined
  #isDecided = false
  #finding: Finding | undefined

  /**
   * Adds an execution.
   *
   * @param key of its parameters; `undefined` where nobody can say whether they are the same
   * @returns whether its rows were there already
   */
  add(step: TrackedQuery, key: number | undefined, memory: ScopeMemory): boolean {
    if (key === undefined) return false
    const { execution, at } = step
    const answer = this.#answers.get(key)
    if (answer === undefined) {
      if (memory.answersLeft-- > 0) {
        this.#answers.set(key, { execution, at, unrepeated: step, wasRepeated: false })
      }
      return false
    }
    const isFresh = isAnswered(answer, step, memory)
    answer.execution = execution
    answer.at = at
    if (!isFresh) {
      answer.unrepeated = step
      return false
    }
    if (answer.unrepeated !== undefined) {
      this.#take(answer.unrepeated)
      answer.unrepeated = undefined
    }
    if (!answer.wasRepeated) this.#distinct++
    answer.wasRepeated = true
    this.#take(step)
    this.#avoidable++
    this.#latest = step
    return true
  }

  /** Ends one of the executions that {@link add} found to be repeated. */
  end(now: number, durationMillis: number): void {
    this.#timing.end(now, durationMillis)
  }

  /**
   * Opens a finding if there are enough repetitions.
   *
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  judge({ options, ledger }: ScopeMemory, refusable: boolean): void {
    const step = this.#latest
    if (step === undefined || this.#avoidable + 1 < options.duplicateQuery) return
    if (!this.#isDecided) {
      // Whatever comes of it, it is judged once.
      this.#isDecided = true
      this.#finding = this.#open(step, ledger)
    }
    if (refusable) ledger.refuse(this.#finding, step.entryPoint)
  }

  #open(step: TrackedQuery, ledger: FindingLedger): Finding | undefined {
    const { execution } = step
    return ledger.open({
      kind: 'duplicate_query',
      evidence: 'proven',
      database: execution.database,
      execution,
      frames: framesOf(step.stack),
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

  #take(step: TrackedQuery): void {
    this.#count++
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

/** Whether an earlier execution has got what a later one asks for; one that was refused may have repeated one that has. */
function isAnswered(
  { execution: earlier, at, wasRepeated }: Answer,
  { execution }: TrackedQuery,
  { writes }: ScopeMemory,
): boolean {
  return (
    earlier.outcome !== 'failed' &&
    earlier.outcome !== 'cancelled' &&
    (earlier.outcome !== 'refused' || wasRepeated) &&
    earlier.transaction === execution.transaction &&
    !writes.hasSince(execution.shape, at)
  )
}

/** Whether asking again may give something else though nobody has written. */
export function mayChange(
  { execution }: TrackedQuery,
  { volatile, changesWithTime }: StatementTraits,
): boolean {
  const { kind, writtenTables } = execution.shape
  if (kind !== 'select' || writtenTables.length > 0 || volatile) return true
  return changesWithTime && execution.transaction === undefined
}
