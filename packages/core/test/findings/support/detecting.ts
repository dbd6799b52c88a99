import { resolveDetectOptions, type DetectOptions } from '../../../src/findings/detect-options.js'
import type { DetectorContext } from '../../../src/findings/kinds/detector.js'
import { KINDS } from '../../../src/findings/kinds.js'
import { ScopeMemory } from '../../../src/findings/memory/scope-memory.js'
import { TrackedQuery } from '../../../src/findings/memory/tracked-query.js'
import { FindingLedger } from '../../../src/findings/report/finding-ledger.js'
import { openScope } from '../../../src/scope/scope.js'
import { executionOf } from './executions.js'

/** The context of the detectors of a new scope with these options. */
export function contextWith(detect: DetectOptions = {}): DetectorContext {
  const { scope } = openScope('custom', 'job')
  const options = resolveDetectOptions('test()', detect)!
  return {
    scope,
    mode: options.mode,
    limits: options.limits,
    memory: new ScopeMemory(),
    ledger: new FindingLedger(scope, options, KINDS),
    capturesStacks: true,
  }
}

/** A completed execution of a statement, as detectors follow it. */
export function trackedQuery(sql: string, parameters: readonly unknown[] = [], at = 0): TrackedQuery {
  const entryPoint = trackedQuery
  const starting = {
    execution: executionOf(sql),
    sql,
    parameters,
    nameInCode: (name: string) => name,
    call: undefined,
    startedAt: 0,
    entryPoint,
  }
  return new TrackedQuery(starting, at, true)
}
