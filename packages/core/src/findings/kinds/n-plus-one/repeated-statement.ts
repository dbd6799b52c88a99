import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import {
  captureStack,
  framesOf,
  positionOf,
  siteKeyOf,
  stackKeyOf,
  type Frame,
} from '../../../stack/captured-stack.js'
import { isContinued } from '../../../stack/continued-call.js'
import { isClaim } from '../../memory/claims.js'
import { markAsLooping } from '../../memory/looping-shapes.js'
import type { QueryFollower, TrackedQuery } from '../../memory/tracked-query.js'
import type { DetectorContext } from '../detector.js'
import { DuplicateExecutions, mayChange } from '../duplicate-query/duplicate-executions.js'
import { CallSiteRepeats } from './call-site-repeats.js'
import { isInSeveralRows } from './proof.js'

const MAX_CALL_SITES = 100
/** After so many consecutive executions from one call site, only every {@link CAPTURED_EVERY}-th stack is captured. */
const SETTLED_AFTER = 32
const CAPTURED_EVERY = 4
/** A statement with more parameters and literals reads or writes in bulk: it is no loop. */
const MAX_VALUES = 200

/** The call sites of a statement. */
interface CallSites {
  readonly byKey: Map<string, CallSiteRepeats>
  /** The same by whole stacks, which are cheaper to compare: a loop has the same one each time. */
  readonly byStack: Map<number, CallSiteRepeats>
}

/** The executions of one statement in a scope. */
export class RepeatedStatement implements QueryFollower {
  readonly shape: QueryShape
  count: number = 1
  /** Whether it may write, though it is a SELECT: it may call a volatile function. */
  readonly mayWrite: boolean
  readonly #context: DetectorContext
  readonly #first: TrackedQuery | undefined
  /** Whether the first execution has been attributed to a call site. */
  #isFirstLocated = false
  #traits: StatementTraits | undefined
  #traitsWithLiterals: StatementTraits | undefined
  /** Made for the second execution: most statements of a healthy scope have one. */
  #sites: CallSites | undefined
  #consecutive = 0
  #calls = 0
  #latest: CallSiteRepeats | undefined
  #duplicates: DuplicateExecutions | undefined
  /** Whether its duplicates may turn out to be a loop over rows. Then they are checked when the scope ends. */
  #isHeld = false

  /** @param first the first execution, with its stack in scopes that capture all stacks */
  constructor(first: TrackedQuery, context: DetectorContext) {
    const { shape } = first.execution
    this.shape = shape
    this.#context = context
    this.#first = first.parameterCount > MAX_VALUES ? undefined : first
    const mayCall = shape.kind === 'select' && (shape.truncated || shape.text.includes('('))
    this.mayWrite = mayCall && this.#traitsOf(first).volatile
  }

  /** Whether the stack of the application's next call is wanted. */
  wantsCall(): boolean {
    return this.#consecutive <= SETTLED_AFTER || ++this.#calls % CAPTURED_EVERY === 0
  }

  queryEnded(query: TrackedQuery): void {
    const { memory } = this.#context
    if (this.mayWrite) memory.mayHaveWritten(query, memory.begun - 1)
    if (query === this.#first) query.releaseUnlessSmall()
    else query.release()
  }

  /**
   * A further execution is about to be sent.
   *
   * @throws FindingError in the mode `throw`
   */
  repeat(query: TrackedQuery): void {
    if (++this.count === 2) {
      markAsLooping(this.shape)
      markAsLooping(query.execution.shape)
      this.#context.memory.statementRepeats(this)
    }
    if (isClaim(this.shape)) this.#context.memory.latestClaim = query.at
    if (query.valueCount > MAX_VALUES) return
    const traits = this.#traitsOf(query)
    // The literals of a write tell rows apart as well. A SELECT is about all of its values.
    const hasLiterals = this.shape.kind !== 'select' && query.valueCount > query.parameterCount
    const { identifying } = hasLiterals ? this.#withLiterals(query) : traits
    const callSite = this.#callSiteOf(query, identifying)
    callSite?.add(query)
    if (callSite?.isFinding === true) {
      this.#explain(query)
      callSite.refuse(query)
    } else if (callSite !== undefined) {
      const loopTraits = callSite.variesInText ? this.#withLiterals(query) : traits
      callSite.check(query, loopTraits, this.#loopLimit())
    }
    // The stack of one call site differs between a function that begins and one that continues: one stack stands for all.
    if (callSite !== undefined) query.stack = callSite.stack
    if (callSite?.isFinding !== true) this.#checkDuplicates(query, traits, callSite)
  }

  /**
   * A further execution is about to be sent after the end of the scope.
   *
   * @throws FindingError in the mode `throw`
   */
  refuseLate(query: TrackedQuery): void {
    for (const callSite of this.#callSites) callSite.refuse(query)
    this.#duplicates?.refuseLate(query)
  }

  scopeEnds(): void {
    if (!this.#isHeld || this.#callSites.some(({ isFinding }) => isFinding)) return
    this.#duplicates?.check(false)
  }

  /** Finds the call site, and adds the first execution to it if that one has no call site of its own. */
  #callSiteOf(query: TrackedQuery, identifying: StatementTraits['identifying']): CallSiteRepeats | undefined {
    const latest = this.#latest
    this.#consecutive++
    const { call } = query
    if (latest !== undefined && this.#consecutive > SETTLED_AFTER && call === undefined) {
      // Where the stacks are those of calls, `wantsCall` chooses the calls.
      if (latest.stack?.isOfCall === true || this.#consecutive % CAPTURED_EVERY !== 0) {
        query.stack = latest.stack
        return latest
      }
    }
    query.stack = call ?? captureStack(query.entryPoint)
    const first = this.#isFirstLocated ? undefined : this.#first
    if (first?.stack !== undefined) {
      const own = this.#callSiteAt(first, identifying)
      own?.add(first)
      this.#isFirstLocated = own !== undefined
    }
    const callSite = this.#callSiteAt(query, identifying)
    if (first !== undefined && !this.#isFirstLocated) {
      callSite?.addUnlocated(first)
      this.#isFirstLocated = callSite !== undefined
    }
    if (callSite !== latest) this.#consecutive = 0
    this.#latest = callSite
    return callSite
  }

  #callSiteAt(
    { stack }: TrackedQuery,
    identifying: StatementTraits['identifying'],
  ): CallSiteRepeats | undefined {
    const stackKey = stackKeyOf(stack)
    const { byKey, byStack } = (this.#sites ??= { byKey: new Map(), byStack: new Map() })
    let callSite = byStack.get(stackKey)
    if (callSite !== undefined) return callSite
    const frames = framesOf(stack)
    const key = siteKeyOf(frames)
    callSite = byKey.get(key) ?? this.#continuedAt(frames) ?? this.#refusedCallSiteOf(frames)
    if (callSite === undefined && byKey.size < MAX_CALL_SITES && this.#context.memory.callSites.take()) {
      callSite = new CallSiteRepeats(stack, identifying, this.#context)
    }
    if (callSite !== undefined && byKey.size < MAX_CALL_SITES) byKey.set(key, callSite)
    if (callSite !== undefined && byStack.size < MAX_CALL_SITES) byStack.set(stackKey, callSite)
    return callSite
  }

  /**
   * The call site of a loop that the mode `throw` rejects, if these frames are the inner part of its own. When one query
   * of a parallel loop is rejected, the function that waits for all of them is left, so the stacks of the others no longer
   * lead to it.
   */
  #refusedCallSiteOf(frames: readonly Frame[]): CallSiteRepeats | undefined {
    if (this.#context.mode !== 'throw') return undefined
    return this.#callSites.find(({ isFinding, stack }) => {
      const ofLoop = framesOf(stack)
      const isInnerPart = (): boolean =>
        frames.every((frame, index) => positionOf(frame) === positionOf(ofLoop[index]!))
      return isFinding && frames.length < ofLoop.length && isInnerPart()
    })
  }

  /** The call site whose only execution had another stack because its functions had not awaited yet. */
  #continuedAt(frames: readonly Frame[]): CallSiteRepeats | undefined {
    return this.#callSites
      .toReversed()
      .find(({ mayContinue, stack }) => mayContinue && isContinued(framesOf(stack), frames))
  }

  get #callSites(): readonly CallSiteRepeats[] {
    return this.#sites === undefined ? [] : [...this.#sites.byKey.values()]
  }

  #explain(query: TrackedQuery): void {
    query.isExplained = true
    this.#context.memory.explained++
  }

  #checkDuplicates(
    query: TrackedQuery,
    traits: StatementTraits,
    callSite: CallSiteRepeats | undefined,
  ): void {
    const { shape } = this
    const { limits, mode } = this.#context
    if (limits.duplicate_query === undefined) return
    // A statement without a table checks whether the database responds.
    if (shape.tables.length === 0 || mayChange(query, traits)) return
    if (this.#duplicates === undefined) {
      this.#duplicates = new DuplicateExecutions(this.#context)
      if (this.#first !== undefined) this.#duplicates.add(this.#first)
    }
    if (!this.#duplicates.add(query)) return
    this.#explain(query)
    if (callSite !== undefined) callSite.unexplained--
    // In the mode `throw` the call itself has to fail, even though it may be a loop over rows that are alike.
    const mayHold = mode !== 'throw' && !this.#duplicates.isDecided
    this.#isHeld ||= mayHold && this.#mayLoopOverRows(query, traits)
    if (!this.#isHeld) this.#duplicates.check(true)
  }

  #mayLoopOverRows(query: TrackedQuery, traits: StatementTraits): boolean {
    const { sample } = query.keys
    const { rows } = this.#context.memory
    if (rows.isEmpty) return false
    return isInSeveralRows(rows, sample, sample.literals > 0 ? this.#withLiterals(query) : traits, this.shape)
  }

  /** How many sets of parameters are a loop that nothing proves. A statement without a table is a command. */
  #loopLimit(): number {
    const { n_plus_one: reads, n_plus_one_write: writes } = this.#context.limits
    if (this.shape.kind !== 'select') return writes?.atLeast ?? Number.POSITIVE_INFINITY
    return (this.shape.tables.length > 0 ? reads?.atLeast : undefined) ?? Number.POSITIVE_INFINITY
  }

  /** Read once for all its executions. */
  #traitsOf(query: TrackedQuery): StatementTraits {
    return (this.#traits ??= query.traits)
  }

  /** The same for values that are literals in the text. */
  #withLiterals(query: TrackedQuery): StatementTraits {
    return (this.#traitsWithLiterals ??= query.traitsWithLiterals)
  }
}
