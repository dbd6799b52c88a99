import { expect, it } from 'vitest'

import '../src/index.js'
import '../src/internal.js'
import '../src/recorder.js'

/** What a slot holds: its class, and of an object its fields. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value
  const { name } = value.constructor
  if (name !== 'Object') return name
  return Object.fromEntries(Object.entries(value).map(([field, held]) => [field, shapeOf(held)]))
}

it('processState holds these slots; raise its version when one of them changes', () => {
  const state: unknown = Reflect.get(globalThis, Symbol.for('querylens.state/1'))
  expect(shapeOf(state)).toMatchInlineSnapshot(`
    {
      "allowances": "Map",
      "clock": {
        "epochOffset": "number",
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
