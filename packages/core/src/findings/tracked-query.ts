import type { QueryExecution } from '../messages/query-execution.js'
import type { CapturedStack } from '../stack/captured-stack.js'
import type { ParameterKeys } from './memory/parameter-keys.js'
import type { Duplicates } from './kinds/duplicate-query.js'
import type { CallSiteRepeats } from './kinds/n-plus-one/call-site-repeats.js'
import type { ReturnedRows } from './memory/returned-rows.js'
import type { RepeatedStatement } from './kinds/n-plus-one/repeated-statement.js'
import type { NameInCode } from './suggest/looped-statement.js'

/** A statement that is about to be sent. */
export interface StartingQuery {
  readonly execution: QueryExecution
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly nameInCode: NameInCode
  /** By the monotonic clock. */
  readonly startedAt: number
  /** The function of the recorder's that is running: what it was called from is the application's. */
  readonly entryPoint: (...values: never[]) => unknown
}

/** One execution on its way through the detectors. */
export interface TrackedQuery extends Omit<StartingQuery, 'sql' | 'parameters'> {
  /** Let go of when it is over, as the parameters are. */
  sql: string
  parameters: readonly unknown[]
  /** How many statements of the scope had begun before it. */
  readonly at: number
  stack: CapturedStack | undefined
  /** `undefined` as long as it runs. */
  durationMillis: number | undefined
  site: CallSiteRepeats | undefined
  duplicates: Duplicates | undefined
  statement: RepeatedStatement | undefined
  /** Whether it can be part of a finding. */
  readonly isJudged: boolean
  /** Whether a finding explains it. */
  isExplained: boolean
  /** What other executions are held against; made when there is another one. */
  comparison: ParameterKeys | undefined
  source: ReturnedRows | undefined
}
