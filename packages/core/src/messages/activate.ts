import { reportFault } from './faults.js'

/** Runs `operation` in a context of the subscriber's choice, and returns what it returns. */
export type Activate = <Result>(operation: () => Result) => Result

/** The part of a message that says in which context its operation runs. */
export interface Activatable {
  activate: Activate | undefined
}

/**
 * Makes the operation of a message run inside `activate`. A subscriber calls it while a message starts
 * (`start` of an execution channel, `channels.scopeStart`): spans that the operation makes then become children of the
 * subscriber's own. Where several subscribers call it, the latest one is the innermost.
 *
 * @example
 * channels.query.subscribe({
 *   start(query) {
 *     activateIn(query, (operation) => context.with(contextOf(query), operation))
 *   },
 * })
 */
export function activateIn(message: object, activate: Activate): void {
  const target = message as Activatable
  const outer = target.activate
  target.activate = outer === undefined ? activate : (operation) => outer(() => activate(operation))
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
