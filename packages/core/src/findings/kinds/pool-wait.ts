import type { DatabaseInfo } from '../../messages/database-info.js'
import { captureStack, framesOf } from '../../stack/captured-stack.js'
import type { DurationLimit } from '../policy/limits.js'
import { formatMillis } from '../report/finding-message.js'
import { severityByLimit } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** A scope waited for connections of its pool for long, all waits together. */
    readonly pool_wait: DurationLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Waits for connections of the pool, summed over the scope. @default { durationMillis: 1_000 } */
    readonly poolWait?: boolean | DurationLimit | undefined
  }
}

export const poolWait: KindDefinition<'pool_wait'> = {
  kind: 'pool_wait',
  option: 'poolWait',
  label: 'waiting for connections',
  limit: { defaults: { durationMillis: 1_000 }, smallest: 1 },
  conditions: ['callSite', 'scope'],
  docs: {
    what: 'a scope waits for connections of its pool',
    opens: 'at 1 s, all waits together',
    example: 'GET /orders waited 1.2 s for connections of its pool',
  },
  headline: ({ count, scope, durationMillis }) => {
    const time = formatMillis(durationMillis)
    const waits = count > 1 ? `${count} times, ${time} in total,` : time
    return `${scope.name} waited ${waits} for connections of its pool`
  },
  severity: severityByLimit,
  detect: (context) => new PoolWaitDetector(context),
}

class PoolWaitDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: number
  #count = 0
  #millis = 0
  #isOpen = false

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.pool_wait?.durationMillis ?? Number.POSITIVE_INFINITY
  }

  connectionWaited(database: DatabaseInfo, waitMillis: number): void {
    this.#count++
    this.#millis += waitMillis
    if (this.#isOpen || this.#millis < this.#limit) return
    this.#isOpen = true
    this.#context.ledger.open({
      kind: 'pool_wait',
      evidence: 'measured',
      database,
      execution: undefined,
      frames: framesOf(captureStack()),
      refresh: (finding) => {
        finding.count = this.#count
        finding.durationMillis = this.#millis
        finding.suggestion =
          'shorten transactions, move other I/O out of them, run fewer queries at once, or increase the pool size'
        return { timesLimit: this.#millis / this.#limit }
      },
    })
  }
}
