import { reportFault } from '../messages/faults.js'
import { endWithError, endWithSuccess } from './end-of-work.js'
import type { OpenScope } from './scope.js'

type AnyGenerator = Generator | AsyncGenerator
type Step = (value?: unknown) => unknown

/** Ends the scopes of generators that are read neither to their end nor closed. */
const forgotten = new FinalizationRegistry<OpenScope>((open) => open.end())

/**
 * Runs each step of a generator in its scope, and ends the scope with the generator: at its end, with an error, when its
 * reader leaves it, or when it is forgotten.
 *
 * It replaces methods of the application's own object, so that this stays a generator.
 *
 * @param inside runs a step in the scope
 */
export function followGenerator(
  generator: AnyGenerator,
  open: OpenScope,
  inside: (step: () => unknown) => unknown,
): void {
  const methods = generator as unknown as Record<'next' | 'return' | 'throw', Step>
  try {
    for (const name of ['next', 'return', 'throw'] as const) {
      const original = methods[name]
      const value: Step = (...values) => {
        const step = (): unknown => original.apply(generator, values)
        return open.scope.ended ? step() : endAfter(open, () => inside(step))
      }
      Object.defineProperty(generator, name, { value, writable: true, configurable: true, enumerable: false })
    }
    forgotten.register(generator, open)
  } catch (fault) {
    // The generator is frozen.
    reportFault('scope of a generator', fault)
    open.end()
  }
}

function endAfter(open: OpenScope, step: () => unknown): unknown {
  let result: unknown
  try {
    result = step()
  } catch (error) {
    throw endWithError(open, error)
  }
  if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
    return (result as Promise<unknown>).then(
      (settled: unknown) => {
        endIfDone(open, settled)
        return settled
      },
      (error: unknown) => {
        throw endWithError(open, error)
      },
    )
  }
  endIfDone(open, result)
  return result
}

/** @throws the error of a call that Querylens has rejected and the generator has swallowed */
function endIfDone(open: OpenScope, result: unknown): void {
  if ((result as IteratorResult<unknown> | undefined)?.done === true) endWithSuccess(open)
}
