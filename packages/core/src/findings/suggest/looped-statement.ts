import type { QueryExecution } from '../../messages/query-execution.js'
import type { FindingSource } from '../../messages/finding.js'
import type { StatementTraits } from '../../sql/tree/statement-traits.js'
import type { NameInCode } from '../../name-in-code.js'

/**
 * The statement of a loop, from which Querylens makes a suggestion.
 *
 * A suggestion holds code between backticks, with `…` for the application's own parts. It holds no value and no literal:
 * it takes only names from the statement, and of those only plain identifiers, because some databases name a column
 * after its expression.
 */
export interface LoopedStatement {
  /** The last of the repeats. */
  readonly execution: QueryExecution
  readonly traits: StatementTraits
  readonly nameInCode: NameInCode
  /** The indexes, from 0, of the parameters that change from one execution to the next. */
  readonly varying: readonly number[]
  /** The index of the parameter that holds the values of the source's column; `undefined` without a source. */
  readonly sourceParameter: number | undefined
  readonly source: FindingSource | undefined
  /** Whether each execution has a list in place of one value. */
  readonly hasListEach: boolean
  /** Whether the source's column holds lists. */
  readonly sourceHasLists: boolean
  /** Whether no execution has returned more than one row. The next one may: see {@link LoopedStatement.limitedToOne}. */
  readonly returnsOne: boolean
  /** Whether LIMIT, FETCH or TOP lets each execution return at most one row. */
  readonly limitedToOne: boolean
}
