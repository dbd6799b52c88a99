import type { EventEmitter } from 'node:events'

import type { Scope } from '../messages/scope.js'
import { insideScope, isInside } from './scope.js'

type Emit = (this: EventEmitter, event: string | symbol, ...values: unknown[]) => boolean

/**
 * Makes the listeners of one emitter run in a scope, unless they run in a scope inside it already.
 *
 * Node emits the events of a request and its response in the context of their connection, which is the same for all of its
 * requests. Up to Node 22 a context that was entered at the start of a request was still current then; with
 * `AsyncContextFrame`, the default since Node 24, it is not.
 *
 * Only `emit` is replaced, by a property that is not enumerable, so that `listeners()`, `listenerCount()` and
 * `removeListener()` work on the application's own listeners.
 *
 * @param before is called before the listeners of each event. It must not throw
 */
export function emitInScope(
  emitter: EventEmitter,
  scope: Scope,
  before?: (event: string | symbol) => void,
): void {
  const original = emitter.emit as Emit
  const emit: Emit = function (event, ...values) {
    before?.(event)
    // To change the context takes some 300 ns, and most events of a request have no listener.
    if (this.listenerCount(event) === 0 || isInside(scope)) return original.call(this, event, ...values)
    return insideScope(scope, () => original.call(this, event, ...values))
  }
  Object.defineProperty(emitter, 'emit', {
    value: emit,
    writable: true,
    configurable: true,
    enumerable: false,
  })
}
