/**
 * The `code` of each error that Querylens throws; `docs/ERRORS.md` explains each of them.
 */
export type QuerylensErrorCode =
  | 'QUERYLENS_FILE'
  | 'QUERYLENS_FINDING'
  | 'QUERYLENS_INVALID_ARGUMENT'
  | 'QUERYLENS_INVALID_OPTION'
  | 'QUERYLENS_NOT_AWAITED'
  | 'QUERYLENS_QUERY_LIMIT'
  | 'QUERYLENS_UNKNOWN_OPTION'

/**
 * Base class of the errors that Querylens throws: for misuse at set-up, and on the path of a query only in the mode
 * `throw`, which the application has to choose ({@link FindingError}).
 *
 * Test `code` rather than `instanceof`: the code is right even where two copies of the package are installed.
 */
export class QuerylensError extends Error {
  override readonly name: string = 'QuerylensError'
  readonly code: QuerylensErrorCode

  constructor(code: QuerylensErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const FINDING: QuerylensErrorCode = 'QUERYLENS_FINDING'
const LIMIT: QuerylensErrorCode = 'QUERYLENS_QUERY_LIMIT'

/**
 * Whether an error refuses a call: a finding of the mode `throw`, or the limit of a capture. By its code: each copy of this
 * package has classes of its own.
 */
export function isRefusal(error: unknown): boolean {
  const code = codeOf(error)
  return code === FINDING || code === LIMIT
}

/** Whether an error is the limit of a capture. */
export function isQueryLimit(error: unknown): boolean {
  return codeOf(error) === LIMIT
}

function codeOf(error: unknown): unknown {
  try {
    return (error as { readonly code?: unknown } | null)?.code
  } catch {
    // The driver's error has a getter that throws.
    return undefined
  }
}
