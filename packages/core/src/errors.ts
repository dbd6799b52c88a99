import type { Finding } from './messages/finding.js'

/**
 * The `code` of each error that Querylens throws; `docs/ERRORS.md` explains them one by one.
 */
export type QuerylensErrorCode =
  | 'QUERYLENS_FINDING'
  | 'QUERYLENS_INVALID_ARGUMENT'
  | 'QUERYLENS_INVALID_BASELINE'
  | 'QUERYLENS_INVALID_OPTION'
  | 'QUERYLENS_UNKNOWN_OPTION'

/**
 * Base class of what Querylens throws: misuse at set-up, and on the way of a query nothing unless somebody has asked
 * for it with the mode `throw` of the findings.
 *
 * Test `code` rather than `instanceof`: it also holds where two copies of the package are installed.
 */
export class QuerylensError extends Error {
  override readonly name = 'QuerylensError'
  readonly code: QuerylensErrorCode
  /** Of `QUERYLENS_FINDING`: what it is about. */
  declare readonly finding: Finding | undefined

  constructor(code: QuerylensErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
