import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import type { ParameterKeys } from '../../memory/parameter-keys.js'
import { callSiteOf } from '../../../stack/call-site.js'
import {
  framesOf,
  isRecursive,
  loopFrameOf,
  type CapturedStack,
  type Frame,
} from '../../../stack/captured-stack.js'
import type { Finding, FindingSource } from '../../../messages/finding.js'
import type { FindingLedger } from '../../report/finding-ledger.js'
import { isChunked, isPaged } from './pages.js'
import { isFromSameRow, prove, type Proof } from './proof.js'
import type { RowMemory } from '../../memory/returned-rows.js'
import type { ParameterSample } from '../../memory/parameter-sample.js'
import { sourceColumnOf } from './source-column.js'
import type { ScopeMemory } from './repeated-statement.js'
import type { TrackedQuery } from '../../tracked-query.js'
import { suggestOneQuery, suggestOneWrite } from '../../suggest/suggestion.js'
import { Timing } from '../../../timing.js'

const MAX_SAMPLES = 8
const MAX_DISTINCT = 2_000

/** What a site is judged by. */
export interface Judgement {
  readonly memory: RowMemory
  readonly ledger: FindingLedger
  /** How many with parameters of their own are too many, though nothing proves a loop over rows. */
  readonly threshold: number
  readonly traits: StatementTraits
}

/** The executions of one statement that came from one place in the code. */
export class CallSiteRepeats {
  readonly stack: CapturedStack | undefined
  readonly timing: Timing = new Timing()
  readonly #keys = new Set<number>()
  readonly #samples: ParameterSample[] = []
  count: number = 0
  /** Whether it is a finding, published or allowed. */
  isFinding: boolean = false
  /** How many executions no finding explains yet. */
  unexplained: number = 0
  /** Whether the first execution is among them though nobody knows where it came from. */
  #hasUnlocated = false
  readonly #varying = new Set<number>()
  #distinct = 0
  #mostRows = 0
  #completed = 0
  #finding: Finding | undefined
  #isDecided = false

  readonly #memory: ScopeMemory

  constructor(stack: CapturedStack | undefined, memory: ScopeMemory) {
    this.stack = stack
    this.#memory = memory
  }

  /** Adds an execution that is under way, or one that is over. */
  add(step: TrackedQuery, comparison: ParameterKeys): void {
    const { key } = comparison
    this.#noteVarying(comparison)
    step.site = this
    this.count++
    if (!step.isExplained) this.unexplained++
    if (step.durationMillis === undefined) this.timing.start(step.startedAt)
    else {
      this.timing.add(step.durationMillis)
      this.#noteRows(step)
    }
    if (key !== undefined) {
      if (this.#keys.has(key) || this.#keys.size >= MAX_DISTINCT || this.#memory.keysLeft <= 0) return
      this.#memory.keysLeft--
      this.#keys.add(key)
    }
    this.#distinct++
    if (this.#samples.length < MAX_SAMPLES) this.#samples.push(comparison.sample)
  }

  /**
   * Adds the scope's first execution of the statement, whose place is not known: as evidence of a loop over rows, which
   * has its own, but not as one that is too many.
   */
  addUnlocated(step: TrackedQuery, comparison: ParameterKeys): void {
    this.#hasUnlocated = true
    this.add(step, comparison)
  }

  /** Refuses a further execution, where somebody has asked for that. */
  refuse(step: TrackedQuery): void {
    this.#memory.ledger.refuse(this.#finding, step.entryPoint)
  }

  /** Ends an execution that was under way. */
  end(step: TrackedQuery, now: number, durationMillis: number): void {
    this.timing.end(now, durationMillis)
    this.#noteRows(step)
  }

  /**
   * Opens a finding if the executions so far are one.
   *
   * @param note is given the source's shape, if there is one
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  judge(step: TrackedQuery, judgement: Judgement, note: (source: QueryShape | undefined) => void): void {
    if (this.isFinding || this.#isDecided || this.#distinct < 2) return
    const { memory, threshold, traits } = judgement
    const samples = this.#samples
    const isOverThreshold = this.#distinct - (this.#hasUnlocated ? 1 : 0) >= threshold
    if (samples.length >= MAX_SAMPLES && !isOverThreshold) return
    if (isChunked(samples, traits) || isPaged(samples, traits)) {
      // A loop over rows may look so in the beginning, with two samples; what has many of them does not change.
      this.#isDecided = samples.length >= MAX_SAMPLES
      return
    }
    const frames = framesOf(step.stack)
    const { shape } = step.execution
    const proof = prove(memory, { samples, traits, shape, isRecursive: isRecursive(frames) })
    // Without a frame of the application's nobody knows whether it was one place.
    if (proof === undefined && (!isOverThreshold || frames.length === 0)) return
    this.isFinding = true
    note(proof?.source.execution.shape)
    this.#finding = this.#open(step, judgement, frames, proof)
    this.refuse(step)
  }

  #open(
    step: TrackedQuery,
    { ledger, traits }: Judgement,
    frames: readonly Frame[],
    proof: Proof | undefined,
  ): Finding | undefined {
    const { execution } = step
    const sourceFrames = framesOf(proof?.source.stack)
    const source = proof === undefined ? undefined : sourceOf(proof, sourceFrames)
    return ledger.open({
      kind: execution.shape.kind === 'select' ? 'n_plus_one' : 'n_plus_one_write',
      evidence: proof === undefined ? 'repeated' : 'proven',
      database: execution.database,
      execution,
      frames,
      sourceFrames,
      source,
      refresh: (finding) => {
        finding.count = this.count
        finding.distinctCount = this.#distinct
        finding.avoidableCount = this.count - 1
        finding.durationMillis = this.timing.totalMillis
        finding.overlappingMillis = this.timing.overlappingMillis
        finding.suggestion = this.#suggest(step, traits, proof, source)
        return {}
      },
    })
  }

  #suggest(
    step: TrackedQuery,
    traits: StatementTraits,
    proof: Proof | undefined,
    source: FindingSource | undefined,
  ): string {
    const { execution, nameInCode } = step
    const statement = {
      execution,
      traits,
      nameInCode,
      varying: this.#loopParameters(traits, proof),
      sourceParameter: proof?.parameter,
      source,
      // Before one has come back nobody knows.
      returnsOne: this.#completed > 0 && this.#mostRows <= 1,
    }
    return execution.shape.kind === 'select' ? suggestOneQuery(statement) : suggestOneWrite(statement)
  }

  /** Which parameters differ, in all executions so far, and those that come from the same row as one that does. */
  #loopParameters(traits: StatementTraits, proof: Proof | undefined): readonly number[] {
    const fromRow =
      proof === undefined
        ? []
        : traits.parameters.flatMap((use, index) =>
            isFromSameRow(proof, this.#samples, index, use) ? [index] : [],
          )
    return [...new Set([...this.#varying, ...fromRow])].toSorted((a, b) => a - b)
  }

  #noteVarying(comparison: ParameterKeys): void {
    const [first] = this.#samples
    if (first === undefined) return
    for (let index = 0; index < comparison.size; index++) {
      if (!this.#varying.has(index) && comparison.keyAt(index) !== first.keys[index]) this.#varying.add(index)
    }
  }

  #noteRows({ execution: { returnedRows = 0, outcome } }: TrackedQuery): void {
    if (outcome === 'completed') this.#completed++
    if (returnedRows > this.#mostRows) this.#mostRows = returnedRows
  }
}

function sourceOf({ source, column }: Proof, frames: readonly Frame[]): FindingSource {
  const frame = loopFrameOf(frames, [])
  return {
    execution: source.execution,
    column: sourceColumnOf(source.execution, column),
    callSite: frame === undefined ? undefined : callSiteOf(frame),
  }
}
