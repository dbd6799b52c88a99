import diagnosticsChannel from 'node:diagnostics_channel'

import { expect, it } from 'vitest'

import '../src/index.js'
import '../src/internal.js'
import { incompatibleCopies } from '../src/process-state.js'
import '../src/recorder.js'

/** Describes the contents of a slot: the class, and the fields of an object. */
function shapeOf(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return typeof value
  const { name } = value.constructor
  if (name !== 'Object') return name
  return Object.fromEntries(Object.entries(value).map(([field, held]) => [field, shapeOf(held)]))
}

const stateIn = (holder: object): unknown => shapeOf(Reflect.get(holder, Symbol.for('querylens.state/1')))

it('processState holds the pinned slots; raise VERSION when a slot changes', () => {
  expect(stateIn(globalThis)).toMatchInlineSnapshot(`
    {
      "allowances": "Map",
      "bursts": {
        "byDatabase": "WeakMap",
      },
      "captures": {
        "hasAny": "boolean",
        "ofProcess": "undefined",
        "open": "Set",
      },
      "clock": {
        "epochOffset": "number",
      },
      "databases": {
        "figures": "WeakMap",
        "forgotten": "FinalizationRegistry",
        "order": "Set",
      },
      "demandingDatabases": {
        "isDemanded": "boolean",
      },
      "detectOptions": {
        "defaults": "undefined",
        "resolved": "WeakMap",
      },
      "dormantListeners": "Set",
      "httpScopes": {
        "unsubscribe": "function",
        "uses": "number",
      },
      "laterScopes": {
        "first": "WeakMap",
        "open": "Map",
      },
      "loopingShapes": "WeakSet",
      "mergedDetectOptions": "WeakMap",
      "sentRequests": {
        "ofUndici": "WeakMap",
        "pending": "Set",
        "unsubscribe": "function",
        "uses": "number",
      },
      "shapeCaches": "Map",
      "transactions": {
        "storage": "AsyncLocalStorage",
      },
      "warnedFindings": "Set",
      "withoutFindings": {
        "storage": "AsyncLocalStorage",
        "used": "boolean",
      },
    }
  `)
})

it('stateOfAllRealms holds the pinned slots; raise VERSION when a slot changes', () => {
  expect(stateIn(diagnosticsChannel)).toMatchInlineSnapshot(`
    {
      "countingScopes": {
        "open": "number",
      },
      "detectors": {
        "byScope": "WeakMap",
        "demandingScopes": "number",
        "hasScopeOptions": "boolean",
        "scopeOptions": "WeakMap",
      },
      "faults": {
        "bursts": "Map",
        "count": "number",
      },
      "findingRefreshes": "WeakMap",
      "latestIds": {
        "finding": "number",
        "query": "number",
        "scope": "number",
        "transaction": "number",
      },
      "refusals": {
        "byScope": "WeakMap",
        "hasAny": "boolean",
      },
      "requestListener": {
        "unsubscribe": "function",
      },
      "scopes": {
        "details": "symbol",
        "storage": "AsyncLocalStorage",
      },
      "warnings": {
        "ofMissingScope": "boolean",
      },
    }
  `)
})

it('incompatibleCopies names the versions of other copies, wherever they keep their state', () => {
  expect(incompatibleCopies()).toEqual([])
  const [onGlobal, onModule] = [Symbol.for('querylens.state/0'), Symbol.for('querylens.state/999')]
  Object.assign(globalThis, { [onGlobal]: {} })
  Object.assign(diagnosticsChannel, { [onGlobal]: {}, [onModule]: {} })
  expect(incompatibleCopies()).toEqual(['0', '999'])
  for (const holder of [globalThis, diagnosticsChannel]) {
    Reflect.deleteProperty(holder, onGlobal)
    Reflect.deleteProperty(holder, onModule)
  }
})
