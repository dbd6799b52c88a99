import { captureCall, type CapturedStack } from '../../stack/captured-stack.js'

/** The stacks of calls, by the statement that each has compiled. They go with the statement. */
const calls = new WeakMap<object, CapturedStack>()

/** @param entryPoint the function that Kysely's query compiler is calling */
export function rememberCall(statement: object, entryPoint: (...values: never[]) => unknown): void {
  const stack = captureCall(entryPoint)
  if (stack !== undefined) calls.set(statement, stack)
}

/** The stack of the call, for the first execution only: an application may execute a compiled statement several times. */
export function takeCall(statement: object): CapturedStack | undefined {
  const stack = calls.get(statement)
  if (stack !== undefined) calls.delete(statement)
  return stack
}
