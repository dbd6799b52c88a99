import type { QueryShape } from '../../../sql/shape/query-shape.js'
import { literalsKeyOf } from '../../../sql/tree/literals.js'
import { traitsOf, type StatementTraits } from '../../../sql/tree/statement-traits.js'
import { captureStack, framesOf, siteKeyOf, stackKeyOf } from '../../../stack/captured-stack.js'
import { ParameterKeys } from '../../memory/parameter-keys.js'
import { Duplicates, mayChange } from '../duplicate-query.js'
import type { FindingLedger } from '../../report/finding-ledger.js'
import type { ResolvedFindingOptions } from '../../policy/finding-options.js'
import { isInSeveralRows } from './proof.js'
import { CallSiteRepeats } from './call-site-repeats.js'
import type { RowMemory } from '../../memory/returned-rows.js'
import type { TrackedQuery } from '../../tracked-query.js'
import type { TableWrites } from '../../memory/table-writes.js'
import { parametersKeyOf } from '../../memory/value-key.js'

/** What the statements of a scope share. */
export interface ScopeMemory {
  readonly options: ResolvedFindingOptions
  readonly ledger: FindingLedger
  readonly rows: RowMemory
  readonly writes: TableWrites
  /** How many more places, sets of parameters and answers the scope may remember. */
  sitesLeft: number
  keysLeft: number
  answersLeft: number
  /** How many executions are part of a finding. */
  explained: number
  /** A statement repeats itself, or its rows are what a loop runs over. */
  markAsLooping(shape: QueryShape): void
}

const MAX_SITES = 100
/** After so many executions in a row from one place only every so-manieth is asked where it comes from. */
const SETTLED_AFTER = 32
const ASKED_EVERY = 4
/** Longer lists of parameters are read in bulk: no loop. */
const MAX_PARAMETERS = 200
/** UTF-16 units of what is kept of a first execution, text and parameters; of larger ones their comparison is. */
const MAX_KEPT = 4_096

/** The executions of one statement in a scope. */
export class RepeatedStatement {
  readonly shape: QueryShape
  count: number = 1
  /** Whether it may write though it looks like reading. */
  readonly mayWrite: boolean
  readonly #memory: ScopeMemory
  readonly #first: TrackedQuery | undefined
  #traits: StatementTraits | undefined
  readonly #sites = new Map<string, CallSiteRepeats>()
  /** The same by stacks as they are: a loop has the same one each time. */
  readonly #byStack = new Map<number, CallSiteRepeats>()
  /** How many executions in a row have come from one place. */
  #inARow = 0
  #latestSite: CallSiteRepeats | undefined
  #duplicates: Duplicates | undefined
  /** Whether its duplicates may turn out to be a loop over rows, and are judged when the scope ends. */
  #isHeld = false

  /** @param first its stack has been captured if that is worth it */
  constructor(first: TrackedQuery, memory: ScopeMemory) {
    const { shape } = first.execution
    this.shape = shape
    this.#memory = memory
    this.#first = first.parameters.length > MAX_PARAMETERS ? undefined : first
    // Without a parenthesis it calls nothing. The shape's text may end before one.
    this.mayWrite = shape.kind === 'select' && first.sql.includes('(') && this.#traitsOf(first).volatile
  }

  /** An execution is over: what it holds of the application's is let go of. */
  end(step: TrackedQuery): void {
    if (step === this.#first) {
      if (step.comparison === undefined && weightOf(step) <= MAX_KEPT) return
      void this.#comparisonOf(step).sample
    }
    step.comparison?.release()
    step.sql = ''
    step.parameters = []
    // A stack keeps functions alive; that of its place is there anyway.
    if (step.site !== undefined) step.stack = step.site.stack
  }

  /**
   * A further execution is about to be sent.
   *
   * @throws QuerylensError `QUERYLENS_FINDING` in the mode `throw`
   */
  repeat(step: TrackedQuery): void {
    if (++this.count === 2) {
      this.#memory.markAsLooping(this.shape)
      this.#memory.markAsLooping(step.execution.shape)
    }
    if (step.parameters.length > MAX_PARAMETERS) return
    const { rows, ledger } = this.#memory
    const comparison = this.#comparisonOf(step)
    const traits = this.#traitsOf(step)
    const site = this.#siteOf(step)
    const threshold = this.#threshold()
    site?.add(step, comparison)
    if (site?.isFinding === true) {
      this.#explain(step)
      site.refuse(step)
    } else if (site !== undefined && threshold !== Number.POSITIVE_INFINITY) {
      const judgement = { memory: rows, ledger, threshold, traits }
      site.judge(step, judgement, (source) => {
        if (source !== undefined) this.#memory.markAsLooping(source)
        this.#memory.explained += site.unexplained
      })
    }
    if (site?.isFinding !== true) this.#judgeDuplicates(step, comparison)
  }

  /** The scope has ended. */
  close(): void {
    if (!this.#isHeld || [...this.#sites.values()].some(({ isFinding }) => isFinding)) return
    this.#duplicates?.judge(this.#memory, false)
  }

  /**
   * The place of a repeated execution. The first one, if its stack was not captured, is a guest at the place of the
   * second.
   */
  #siteOf(step: TrackedQuery): CallSiteRepeats | undefined {
    const latest = this.#latestSite
    this.#inARow++
    if (latest !== undefined && this.#inARow > SETTLED_AFTER && this.#inARow % ASKED_EVERY !== 0) {
      step.stack = latest.stack
      return latest
    }
    step.stack = captureStack(step.entryPoint)
    const first = this.#first
    if (first !== undefined && first.site === undefined && first.stack !== undefined) {
      this.#siteAt(first)?.add(first, this.#comparisonOf(first))
    }
    const site = this.#siteAt(step)
    if (first !== undefined && first.site === undefined) site?.addUnlocated(first, this.#comparisonOf(first))
    if (site !== latest) this.#inARow = 0
    this.#latestSite = site
    return site
  }

  #siteAt(step: TrackedQuery): CallSiteRepeats | undefined {
    const stackKey = stackKeyOf(step.stack)
    let site = this.#byStack.get(stackKey)
    if (site !== undefined) return site
    const key = siteKeyOf(framesOf(step.stack))
    site = this.#sites.get(key)
    if (site === undefined && this.#sites.size < MAX_SITES && this.#memory.sitesLeft-- > 0) {
      this.#sites.set(key, (site = new CallSiteRepeats(step.stack, this.#memory)))
    }
    if (site !== undefined && this.#byStack.size < MAX_SITES) this.#byStack.set(stackKey, site)
    return site
  }

  #explain(step: TrackedQuery): void {
    step.isExplained = true
    this.#memory.explained++
  }

  #judgeDuplicates(step: TrackedQuery, comparison: ParameterKeys): void {
    const { shape } = this
    const memory = this.#memory
    const { options, rows } = memory
    if (options.duplicateQuery === Number.POSITIVE_INFINITY) return
    const traits = this.#traitsOf(step)
    // What reads no table is there to see whether somebody answers.
    if (shape.tables.length === 0 || mayChange(step, traits)) return
    if (this.#duplicates === undefined) {
      this.#duplicates = new Duplicates()
      if (this.#first !== undefined) {
        this.#duplicates.add(this.#first, this.#comparisonOf(this.#first).key, memory)
      }
    }
    if (!this.#duplicates.add(step, comparison.key, memory)) return
    this.#explain(step)
    if (step.site !== undefined) step.site.unexplained--
    // Who has asked for errors wants one in the call, though it may be a loop over rows that are alike.
    this.#isHeld ||= options.mode !== 'throw' && isInSeveralRows(rows, comparison.sample, traits, shape)
    if (!this.#isHeld) this.#duplicates.judge(memory, true)
  }

  /** What reads no table is a command, and no row of a loop's. */
  #threshold(): number {
    const { nPlusOne, nPlusOneWrite } = this.#memory.options
    if (this.shape.kind !== 'select') return nPlusOneWrite
    return this.shape.tables.length === 0 ? Number.POSITIVE_INFINITY : nPlusOne
  }

  /** Read once for all its executions. */
  #traitsOf({ execution: { shape, database }, sql }: TrackedQuery): StatementTraits {
    return (this.#traits ??= traitsOf(shape, sql, database.system))
  }

  #comparisonOf(step: TrackedQuery): ParameterKeys {
    if (step.comparison !== undefined) return step.comparison
    const { execution, sql, parameters, at } = step
    // Where the text is as it was written there are no literals in it.
    const literals = sql === execution.shape.text ? 0 : literalsKeyOf(sql, execution.database.system)
    step.comparison = new ParameterKeys(parameters, at, parametersKeyOf(parameters, literals))
    return step.comparison
  }
}

/** What a step keeps alive of its parameters and its text, roughly, in UTF-16 units. */
function weightOf({ sql, parameters }: TrackedQuery): number {
  let weight = sql.length
  for (const value of parameters) {
    if (typeof value === 'string') weight += value.length
    else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      // A list or an object may hold anything.
      return Number.POSITIVE_INFINITY
    } else weight += 8
  }
  return weight
}
