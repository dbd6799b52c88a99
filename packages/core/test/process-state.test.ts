import { expect, it } from 'vitest'

import '../src/index.js'
import '../src/internal.js'
import '../src/recorder.js'

/** Describes the contents of a slot: the class, and the fields of an object. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value
  const { name } = value.constructor
  if (name !== 'Object') return name
  return Object.fromEntries(Object.entries(value).map(([field, held]) => [field, shapeOf(held)]))
}

it('processState holds the pinned slots; raise VERSION when a slot changes', () => {
  const state: unknown = Reflect.get(globalThis, Symbol.for('querylens.state/1'))
  expect(shapeOf(state)).toMatchInlineSnapshot(`
    {
      "allowances": "Map",
      "bursts": {
        "byDatabase": "WeakMap",
      },
      "clock": {
        "epochOffset": "number",
      },
      "detectOptions": {
        "defaults": "undefined",
        "resolved": "WeakMap",
      },
      "detectors": {
        "byScope": "WeakMap",
        "demandingScopes": "number",
        "hasScopeOptions": "boolean",
        "isDemanded": "boolean",
        "scopeOptions": "WeakMap",
      },
      "dormantListeners": "Set",
      "faults": {
        "bursts": "Map",
        "count": "number",
      },
      "findingRefreshes": "WeakMap",
      "httpScopes": {
        "unsubscribe": "function",
        "uses": "number",
      },
      "latestIds": {
        "finding": "number",
        "query": "number",
        "scope": "number",
        "transaction": "number",
      },
      "loopingShapes": "WeakSet",
      "scopes": {
        "routes": "WeakMap",
        "storage": "AsyncLocalStorage",
      },
      "shapeCaches": "Map",
      "transactions": {
        "storage": "AsyncLocalStorage",
      },
      "warnedFindings": "Set",
      "warnings": {
        "ofMissingScope": "boolean",
      },
      "withoutFindings": {
        "storage": "AsyncLocalStorage",
        "used": "boolean",
      },
    }
  `)
})
