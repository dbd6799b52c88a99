/**
 * Reads the call sites of a captured stack without formatting them: `Error.prepareStackTrace` may be code of the
 * application.
 *
 * @param holder what `Error.captureStackTrace` has been called with, whose `stack` nobody has read yet
 */
export function readSites(holder: { readonly stack?: unknown }): readonly NodeJS.CallSite[] {
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, sites) => sites
    const { stack } = holder
    return Array.isArray(stack) ? stack : []
  } catch {
    return []
  } finally {
    restorePreparation(prepareStackTrace)
  }
}

function restorePreparation(prepareStackTrace: typeof Error.prepareStackTrace): void {
  try {
    Error.prepareStackTrace = prepareStackTrace
  } catch {
    // The intrinsics are frozen, so the value was not changed.
  }
}
