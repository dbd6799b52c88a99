import { AssertionError } from 'node:assert'

/** The error of a failed assertion. Test runners print its message, and `actual` and `expected` where they are given. */
export class QueryAssertionError extends AssertionError {
  override readonly name = 'QueryAssertionError'

  /** @param site an error that was captured in the call of the assertion: this one gets its stack */
  constructor(
    message: string,
    site: Error,
    options: { readonly actual?: unknown; readonly expected?: unknown; readonly cause?: unknown } = {},
  ) {
    const { actual, expected, cause } = options
    // With another operator Jest hides the message behind a comparison of its own.
    super({ message, actual, expected, operator: 'fail' })
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause, configurable: true })
    // Vitest prints it. Node 24 writes the name of a style there.
    Reflect.deleteProperty(this, 'diff')
    withStackOf(site, this)
  }
}

/** Gives an error the frames of a site, so that a runner shows the line of the test. Other values stay as they are. */
export function withStackOf(site: Error, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const frames = (site.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  // Jest removes from `AssertionError` to the end of the line, and would leave the beginning of another name.
  const name = error instanceof AssertionError ? `AssertionError [${error.name}]` : error.name
  error.stack = [`${name}: ${error.message}`, ...frames].join('\n')
  return error
}

/** An error whose stack begins at the caller of a function, for a {@link QueryAssertionError} that is made later. */
export function siteOf(entryPoint: (...values: never[]) => unknown): Error {
  const site = new Error('called here')
  Error.captureStackTrace(site, entryPoint)
  return site
}
