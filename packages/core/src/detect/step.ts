import type { QueryExecution } from '../record/query-execution.js'
import type { CapturedStack } from './captured-stack.js'
import type { Comparison } from './comparison.js'
import type { Duplicates } from './duplicates.js'
import type { RepeatSite } from './repeat-site.js'
import type { RowSource } from './row-memory.js'
import type { StatementRepeats } from './statement-repeats.js'
import type { NameInCode } from './suggestion.js'

/** A statement that is about to be sent. */
export interface StartingQuery {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly nameInCode: NameInCode
  /** By the monotonic clock. */
  readonly startedAt: number
  /** The function of the recorder's that is running: what it was called from is the application's. */
  readonly below: (...values: never[]) => unknown
}

/** One execution on its way through the detectors. */
export interface Step extends Omit<StartingQuery, 'sql' | 'parameters'> {
  /** Let go of when it is over, as the parameters are. */
  sql: string
  parameters: readonly unknown[]
  /** How many statements of the scope had begun before it. */
  readonly at: number
  stack: CapturedStack | undefined
  /** `undefined` as long as it runs. */
  durationMillis: number | undefined
  site: RepeatSite | undefined
  duplicates: Duplicates | undefined
  statement: StatementRepeats | undefined
  /** Whether it can be part of a finding. */
  readonly isJudged: boolean
  /** Whether a finding explains it. */
  isExplained: boolean
  /** What other executions are held against; made when there is another one. */
  comparison: Comparison | undefined
  source: RowSource | undefined
}
