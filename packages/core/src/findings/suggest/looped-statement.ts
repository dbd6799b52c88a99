import type { QueryExecution } from '../../messages/query-execution.js'
import type { FindingSource } from '../../messages/finding.js'
import type { StatementTraits } from '../../sql/tree/statement-traits.js'
import type { NameInCode } from '../../name-in-code.js'

/**
 * What a suggestion is made of.
 *
 * Between backticks it holds code that can be typed in, with `…` where the application's own goes. No value and no
 * literal is ever in it: of the statement it takes over names alone, and only those that are plain identifiers, since
 * systems name columns by their expressions.
 */
export interface LoopedStatement {
  /** The last of the repeats. */
  readonly execution: QueryExecution
  readonly traits: StatementTraits
  readonly nameInCode: NameInCode
  /** Which parameters change from one execution to the next, from 0. */
  readonly varying: readonly number[]
  /** Which of them holds the values of the source's column; `undefined` where there is no source. */
  readonly sourceParameter: number | undefined
  readonly source: FindingSource | undefined
  /** Whether no execution has returned more than one row. */
  readonly returnsOne: boolean
}
