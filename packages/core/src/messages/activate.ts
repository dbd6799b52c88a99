import { reportFault } from './faults.js'

/** Runs `operation` in a context of the subscriber's choice, and returns what it returns. */
export type Activate = <Result>(operation: () => Result) => Result

/** A message whose subscribers may choose a context. */
export interface Activatable {
  /**
   * A subscriber to the beginning may set it to run the operation in a context of its own, as OpenTelemetry's
   * `context.with` does: spans that are made inside become children this way. Who finds it set wraps it.
   */
  activate: Activate | undefined
}

/** Calls the operation exactly once, in the message's context if that works. */
export function activated<Result>({ activate }: Activatable, operation: () => Result): Result {
  if (activate === undefined) return operation()
  let hasBegun = false
  let ending: (() => Result) | undefined
  const run = (): void => {
    if (hasBegun) return
    hasBegun = true
    try {
      const result = operation()
      ending = () => result
    } catch (error) {
      ending = () => {
        throw error
      }
    }
  }
  try {
    activate(run)
  } catch (fault) {
    reportFault('context of an execution', fault)
  }
  run()
  return ending!()
}
