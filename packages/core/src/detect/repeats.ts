import type { QueryExecution } from '../record/query-execution.js'
import { traitsOf } from '../sql/statement-traits.js'
import { callSiteOf, framesOf, loopFrameOf, type CapturedStack, type Frame } from './call-site.js'
import type { Duplicates } from './duplicates.js'
import type { Finding, FindingSource } from './finding.js'
import type { FindingLedger } from './finding-ledger.js'
import { isChunked, isPaged, prove, varyingParameters, type Proof, type Sample } from './proof.js'
import type { RowMemory, RowSource } from './row-memory.js'
import { suggestOneQuery, suggestOneWrite, type NameInCode } from './suggestion.js'
import { Timing } from './timing.js'

/** One execution on its way through the detectors. */
export interface Step {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly nameInCode: NameInCode
  /** How many statements of the scope had begun before it. */
  readonly at: number
  readonly startedAt: number
  stack: CapturedStack | undefined
  /** `undefined` as long as it runs. */
  durationMillis: number | undefined
  site: RepeatSite | undefined
  duplicates: Duplicates | undefined
  /** What a further execution with the same parameters is held against. */
  parametersKey: number | undefined
  source: RowSource | undefined
}

const MAX_SAMPLES = 8
const MAX_DISTINCT = 2_000

/** The executions of one statement that came from one place in the code. */
export class RepeatSite {
  readonly stack: CapturedStack | undefined
  readonly timing: Timing = new Timing()
  readonly #distinct = new Set<number>()
  readonly #samples: Sample[] = []
  count: number = 0
  finding: Finding | undefined
  #mostRows = 0
  #isChunked = false
  #proof: Proof | undefined
  #isSettled = false

  constructor(stack: CapturedStack | undefined) {
    this.stack = stack
  }

  /** Adds an execution that is under way, or one that is over. */
  add(step: Step, parametersKey: number): void {
    step.site = this
    this.count++
    if (step.durationMillis === undefined) this.timing.start(step.startedAt)
    else {
      this.timing.add(step.durationMillis)
      this.#noteRows(step)
    }
    const isNew = !this.#distinct.has(parametersKey)
    if (isNew && this.#distinct.size < MAX_DISTINCT) this.#distinct.add(parametersKey)
    if (isNew && this.#samples.length < MAX_SAMPLES) {
      this.#samples.push({ parameters: step.parameters, at: step.at })
    }
  }

  /** Ends an execution that was under way. */
  end(step: Step, now: number, durationMillis: number): void {
    this.timing.end(now, durationMillis)
    this.#noteRows(step)
  }

  /**
   * Opens a finding if the executions so far are one.
   *
   * @param threshold how many with parameters of their own are too many, though nothing proves a loop over rows
   * @returns whether it is open
   */
  judge(step: Step, memory: RowMemory, threshold: number, ledger: FindingLedger): boolean {
    if (this.finding !== undefined) return true
    const distinct = this.#distinct.size
    if (this.#isSettled || this.#isChunked || distinct < 2) return false
    const { shape, database } = step.execution
    const traits = traitsOf(shape, step.sql, database.system)
    this.#isChunked = isChunked(this.#samples, traits)
    if (this.#isChunked) return false
    if (this.#samples.length < MAX_SAMPLES || distinct === threshold) {
      this.#proof = prove(memory, this.#samples, traits, shape)
    }
    if (this.#proof === undefined) {
      if (distinct < threshold) return false
      this.#isSettled = isPaged(memory, this.#samples, traits, shape.fingerprint)
      if (this.#isSettled) return false
    }
    this.#open(step, ledger)
    return this.finding !== undefined
  }

  #open(step: Step, ledger: FindingLedger): void {
    const { execution } = step
    const proof = this.#proof
    const sourceFrames = framesOf(proof?.source.stack)
    const isRead = execution.shape.kind === 'select'
    const source = proof === undefined ? undefined : sourceOf(proof, sourceFrames)
    // Whatever comes of it, it is judged once.
    this.#isSettled = true
    this.finding = ledger.open({
      kind: isRead ? 'n_plus_one' : 'n_plus_one_write',
      evidence: proof === undefined ? 'repeated' : 'proven',
      database: execution.database,
      execution,
      frames: framesOf(step.stack),
      sourceFrames,
      source,
      refusable: true,
      refresh: (finding) => {
        finding.count = this.count
        finding.distinctCount = this.#distinct.size
        finding.avoidableCount = this.count - 1
        finding.durationMillis = this.timing.totalMillis
        finding.overlappingMillis = this.timing.overlappingMillis
        finding.suggestion = this.#suggest(step, source)
        return {}
      },
    })
  }

  #suggest(step: Step, source: FindingSource | undefined): string {
    const { shape, database } = step.execution
    const traits = traitsOf(shape, step.sql, database.system)
    const statement = {
      execution: step.execution,
      traits,
      nameInCode: step.nameInCode,
      varying: varyingParameters(this.#samples),
      sourceParameter: this.#proof?.parameter,
      source,
      returnsOne: this.#mostRows <= 1,
    }
    return shape.kind === 'select' ? suggestOneQuery(statement) : suggestOneWrite(statement)
  }

  #noteRows({ execution: { returnedRows = 0 } }: Step): void {
    if (returnedRows > this.#mostRows) this.#mostRows = returnedRows
  }
}

function sourceOf({ source, column }: Proof, frames: readonly Frame[]): FindingSource {
  const frame = loopFrameOf(frames, [])
  return {
    execution: source.execution,
    column,
    callSite: frame === undefined ? undefined : callSiteOf(frame),
  }
}
