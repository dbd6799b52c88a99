import type { DatabaseInfo } from '../../messages/database-info.js'
import type { Finding } from '../../messages/finding.js'
import type { TrackedQuery } from '../memory/tracked-query.js'
import type { CountLimit } from '../policy/limits.js'
import { formatMillis } from '../report/finding-message.js'
import { severityByLimit } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** A scope sends many statements that no other finding explains. */
    readonly chatty_scope: CountLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Many statements in one scope that belong to no other finding. @default { atLeast: 100 } */
    readonly chattyScope?: boolean | CountLimit | undefined
  }
}

export const chattyScope: KindDefinition<'chatty_scope'> = {
  kind: 'chatty_scope',
  option: 'chattyScope',
  label: 'chatty',
  limit: { defaults: { atLeast: 100 }, smallest: 2 },
  conditions: ['scope'],
  docs: {
    what: 'a scope sends many statements that belong to no other finding',
    opens: 'at 100 statements',
    example: '140 statements in GET /dashboard, 310 ms in total',
  },
  headline: ({ count, scope, durationMillis }) =>
    `${count} statements in ${scope.name}, ${formatMillis(durationMillis)} in total`,
  severity: severityByLimit,
  detect: (context) => new ChattyScopeDetector(context),
}

const NAMED_STATEMENTS = 3

class ChattyScopeDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: number
  #count = 0
  #durationMillis = 0
  #isOpen = false
  #finding: Finding | undefined

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.chatty_scope?.atLeast ?? Number.POSITIVE_INFINITY
  }

  queryStarts({ execution: { database }, entryPoint }: TrackedQuery): void {
    this.#count++
    if (this.#unexplained < this.#limit) return
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#finding = this.#open(database)
    }
    this.#context.ledger.refuse(this.#finding, entryPoint)
  }

  queryEnds({ execution: { durationMillis = 0 } }: TrackedQuery): void {
    this.#durationMillis += durationMillis
  }

  get #unexplained(): number {
    return this.#count - this.#context.memory.explained
  }

  #open(database: DatabaseInfo): Finding | undefined {
    const { ledger, memory } = this.#context
    return ledger.open({
      kind: 'chatty_scope',
      evidence: 'measured',
      database,
      execution: undefined,
      frames: [],
      refresh: (finding) => {
        const most = memory
          .mostFrequent(NAMED_STATEMENTS)
          .map(({ shape, count }) => `${count}x ${shape.summary}`)
        const frequent = most.length === 0 ? '' : `; the most frequent: ${most.join(', ')}`
        finding.count = this.#count
        finding.durationMillis = this.#durationMillis
        finding.suggestion = `load together what belongs together, with joins, jsonArrayFrom(…) or where … in (…)${frequent}`
        return { timesLimit: this.#unexplained / this.#limit }
      },
    })
  }
}
