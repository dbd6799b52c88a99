import type { Finding, FindingSource } from '../../../messages/finding.js'
import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import { lineOf } from '../../../stack/call-site.js'
import { framesOf, type CapturedStack, type Frame } from '../../../stack/captured-stack.js'
import { loopFrameOf } from '../../../stack/loop-frame.js'
import { Timing } from '../../../timing.js'
import { markAsLooping } from '../../memory/looping-shapes.js'
import type { ParameterKeys } from '../../memory/parameter-keys.js'
import type { ParameterSample } from '../../memory/parameter-sample.js'
import type { QueryFollower, TrackedQuery } from '../../memory/tracked-query.js'
import { suggestOneQuery } from '../../suggest/suggest-read.js'
import { suggestOneWrite } from '../../suggest/suggest-write.js'
import type { DetectorContext } from '../detector.js'
import { areOverlapping, proveLists, varyingListOf } from './list-per-row.js'
import { isChunked, isPaged } from './pages.js'
import type { Proof } from './candidate.js'
import { isFromSameRow, prove } from './proof.js'
import { sourceColumnOf } from './source-column.js'

const MAX_SAMPLES = 8
const MAX_DISTINCT = 2_000

/** The executions of one statement that came from one call site. */
export class CallSiteRepeats implements QueryFollower {
  readonly stack: CapturedStack | undefined
  /** Whether it is a finding, published or allowed. */
  isFinding: boolean = false
  /** How many executions no finding explains yet. */
  unexplained: number = 0
  /** Whether the values that differ between executions are literals in the text. */
  variesInText: boolean = false
  readonly #context: DetectorContext
  readonly #timing = new Timing()
  readonly #identifying: readonly number[] | undefined
  /** Sets of parameters. */
  readonly #sets = new Set<number>()
  /** Sets of the parameters that decide which rows a write concerns. */
  readonly #rows = new Set<number>()
  readonly #samples: ParameterSample[] = []
  readonly #varying = new Set<number>()
  /** The parameters of the list that each execution has; `undefined` for a loop over single values. */
  #listParameters: readonly number[] | undefined
  #count = 0
  /** Whether the first execution is among them though its own call site is not known. */
  #hasUnlocated = false
  #distinct = 0
  /** How many different rows or keys the executions are about. */
  #distinctRows = 0
  /** How many of them came since the scope last paused, or claimed an item of a queue. */
  #rowsSincePause = 0
  #latestAt = -1
  #mostRows = 0
  #completed = 0
  #finding: Finding | undefined
  /** Whether more executions cannot make it a loop any more. */
  #isDecided = false

  /** @param identifying as the statement's traits have it */
  constructor(
    stack: CapturedStack | undefined,
    identifying: readonly number[] | undefined,
    context: DetectorContext,
  ) {
    this.stack = stack
    this.#identifying = identifying
    this.#context = context
  }

  /** Whether it has a single execution, which may have reached the query before a function awaited. */
  get mayContinue(): boolean {
    return this.#count === 1
  }

  /** Adds an execution that is under way, or one that is over. */
  add(query: TrackedQuery): void {
    const { keys, durationMillis } = query
    this.#noteVarying(keys)
    this.#count++
    if (!query.isExplained) this.unexplained++
    if (durationMillis === undefined) {
      this.#timing.start(query.startedAt)
      query.follow(this)
    } else {
      this.#timing.add(durationMillis)
      this.#noteRows(query)
    }
    this.#notePause(query)
    const isNew = this.#isNewIn(this.#sets, keys.visible)
    if (isNew) this.#distinct++
    // A row that is written again, with other values, is not a further row.
    const isNewRow =
      this.#identifying === undefined ? isNew : this.#isNewIn(this.#rows, keys.keyOf(this.#identifying))
    if (!isNewRow) return
    this.#distinctRows++
    this.#rowsSincePause++
    if (this.#samples.length < MAX_SAMPLES) this.#samples.push(keys.sample)
  }

  /**
   * Adds the scope's first execution of the statement, whose call site is not known: as evidence of a loop over rows, but
   * not towards the limit.
   */
  addUnlocated(query: TrackedQuery): void {
    this.add(query)
    this.#hasUnlocated = true
  }

  /**
   * Rejects a further execution of a loop.
   *
   * @throws FindingError in the mode `throw`
   */
  refuse({ entryPoint }: TrackedQuery): void {
    this.#context.ledger.refuse(this.#finding, entryPoint)
  }

  queryEnded(query: TrackedQuery, now: number, durationMillis: number): void {
    this.#timing.end(now, durationMillis)
    this.#noteRows(query)
    // A stack keeps functions alive; one for each call site is enough.
    query.stack = this.stack
  }

  /**
   * Opens a finding if the executions so far are a loop.
   *
   * @param limit how many sets of parameters are a loop that nothing proves; infinite where no loop is looked for
   * @throws FindingError in the mode `throw`
   */
  check(query: TrackedQuery, traits: StatementTraits, limit: number): void {
    if (this.isFinding || this.#isDecided || limit === Number.POSITIVE_INFINITY) return
    if (this.#distinctRows < 2) return
    const { memory } = this.#context
    const samples = this.#samples
    // Executions between which the scope waits for something else are events over time, unless their source is known.
    const isOverLimit = this.#rowsSincePause - (this.#hasUnlocated ? 1 : 0) >= limit
    if (samples.length >= MAX_SAMPLES && !isOverLimit) return
    const { shape } = query.execution
    const isBulk = isChunked(samples, traits) || isPaged(samples, traits)
    const list = isBulk ? varyingListOf(samples, traits, this.variesInText) : undefined
    let proof = list && proveLists(memory.rows, list, { samples, shape })
    const isLoop = !isBulk || proof !== undefined || (isOverLimit && areOverlapping(list?.lists ?? []))
    if (!isLoop) {
      // Two samples of a loop over rows may look like chunks or pages; eight do not.
      this.#isDecided = samples.length >= MAX_SAMPLES
      return
    }
    const frames = framesOf(query.stack)
    const hasRepeats = this.#count > this.#distinct
    if (!isBulk) proof = prove(memory.rows, { samples, traits, shape, hasRepeats, frames })
    // Without a frame of the application it may have been several call sites.
    if (proof === undefined && (!isOverLimit || frames.length === 0)) return
    this.isFinding = true
    this.#listParameters = list?.parameters
    if (proof !== undefined) markAsLooping(proof.source.execution.shape)
    memory.explained += this.unexplained
    this.#finding = this.#open(query, traits, frames, proof)
    this.refuse(query)
  }

  #open(
    query: TrackedQuery,
    traits: StatementTraits,
    frames: readonly Frame[],
    proof: Proof | undefined,
  ): Finding | undefined {
    const { execution } = query
    const sourceFrames = framesOf(proof?.source.stack)
    const source = proof === undefined ? undefined : sourceOf(proof, sourceFrames)
    return this.#context.ledger.open({
      kind: execution.shape.kind === 'select' ? 'n_plus_one' : 'n_plus_one_write',
      evidence: proof === undefined ? 'repeated' : 'proven',
      database: execution.database,
      execution,
      frames,
      sourceFrames,
      source,
      refresh: (finding) => {
        finding.count = this.#count
        finding.distinctCount = this.#distinct
        finding.avoidableCount = this.#count - 1
        finding.durationMillis = this.#timing.totalMillis
        finding.overlappingMillis = this.#timing.overlappingMillis
        finding.suggestion = this.#suggest(query, traits, proof, source)
        return {}
      },
    })
  }

  #suggest(
    { execution, nameInCode }: TrackedQuery,
    traits: StatementTraits,
    proof: Proof | undefined,
    source: FindingSource | undefined,
  ): string {
    const statement = {
      execution,
      traits,
      nameInCode,
      varying: this.#listParameters ?? this.#loopParameters(traits, proof),
      sourceParameter: proof?.parameter,
      source,
      hasListEach: this.#listParameters !== undefined,
      sourceHasLists:
        proof !== undefined && (this.#listParameters !== undefined || proof.source.lists.has(proof.column)),
      returnsOne: this.#completed > 0 && this.#mostRows <= 1,
      limitedToOne: traits.limitedToOne || this.#isAlwaysOne(traits.limitParameter),
    }
    return execution.shape.kind === 'select' ? suggestOneQuery(statement) : suggestOneWrite(statement)
  }

  /** Whether a parameter was the number 1 in each sampled execution. */
  #isAlwaysOne(parameter: number | undefined): boolean {
    return parameter !== undefined && this.#samples.every(({ keys }) => keys[parameter] === '1')
  }

  /** The parameters that differ between executions, and those that come from the same row as one that differs. */
  #loopParameters(traits: StatementTraits, proof: Proof | undefined): readonly number[] {
    const fromRow =
      proof === undefined
        ? []
        : traits.parameters.flatMap((use, index) =>
            isFromSameRow(proof, this.#samples, index, use) ? [index] : [],
          )
    return [...new Set([...this.#varying, ...fromRow])].toSorted((a, b) => a - b)
  }

  /** @param key `undefined` for parameters that equal no others */
  #isNewIn(known: Set<number>, key: number | undefined): boolean {
    if (key === undefined) return true
    const { parameterKeys } = this.#context.memory
    if (known.has(key) || known.size >= MAX_DISTINCT || !parameterKeys.take()) return false
    known.add(key)
    return true
  }

  #notePause({ at }: TrackedQuery): void {
    const { pauses, latestClaim } = this.#context.memory
    // A worker that claims its next item has finished the one before: its statements are no loop over rows.
    if (pauses.isSince(this.#latestAt) || latestClaim > this.#latestAt) {
      this.#rowsSincePause = 0
      this.#hasUnlocated = false
    }
    this.#latestAt = at
  }

  #noteVarying(keys: ParameterKeys): void {
    const [first] = this.#samples
    if (first === undefined) return
    for (let index = 0; index < keys.size; index++) {
      if (this.#varying.has(index) || keys.keyAt(index) === first.keys[index]) continue
      this.#varying.add(index)
      this.variesInText ||= first.literals > 0 && index >= first.size
    }
  }

  #noteRows({ execution: { returnedRows = 0, outcome } }: TrackedQuery): void {
    if (outcome === 'completed') this.#completed++
    if (returnedRows > this.#mostRows) this.#mostRows = returnedRows
  }
}

function sourceOf({ source, column }: Proof, frames: readonly Frame[]): FindingSource {
  return {
    execution: source.execution,
    column: sourceColumnOf(source.execution, column),
    callSite: lineOf(loopFrameOf(frames, []) ?? frames[0]),
  }
}
