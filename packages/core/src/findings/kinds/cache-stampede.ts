import type { Scope } from '../../messages/scope.js'
import { captureStack, framesOf } from '../../stack/captured-stack.js'
import { addToBurst, type Burst } from '../memory/concurrent-results.js'
import type { TrackedQuery } from '../memory/tracked-query.js'
import type { CountLimit, DurationLimit, ResolvedLimit } from '../policy/limits.js'
import { formatMillis } from '../report/finding-message.js'
import { severityByLimit } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

/** The limit of `cacheStampede`. */
export interface StampedeLimit extends CountLimit, DurationLimit {}

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** Many scopes run the same slow query with the same parameters at once. */
    readonly cache_stampede: StampedeLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /**
     * The same query with the same parameters at once in `atLeast` scopes, each for at least `durationMillis`.
     *
     * @default { atLeast: 5, durationMillis: 100 }
     */
    readonly cacheStampede?: boolean | StampedeLimit | undefined
  }
}

export const cacheStampede: KindDefinition<'cache_stampede'> = {
  kind: 'cache_stampede',
  option: 'cacheStampede',
  label: 'cache stampede',
  limit: { defaults: { atLeast: 5, durationMillis: 100 }, smallest: 2 },
  conditions: ['callSite', 'fingerprint', 'table', 'scope'],
  docs: {
    what: 'several scopes run the same slow query with the same parameters at once',
    opens: 'at 5 scopes whose query takes 100 ms or longer',
    example: '12 scopes ran select products at once with the same parameters, each for up to 1.2 s',
  },
  headline: ({ count, summary }, size) =>
    `${count} scopes ran ${summary} at once with the same parameters, each for up to ${size}`,
  severity: severityByLimit,
  detect: (context) => new StampedeDetector(context),
}

const OFF: ResolvedLimit<StampedeLimit> = { atLeast: Infinity, durationMillis: Infinity }

class StampedeDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: ResolvedLimit<StampedeLimit>

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.cache_stampede ?? OFF
  }

  queryEnds(query: TrackedQuery): void {
    const { database, shape, outcome, transaction, durationMillis = 0 } = query.execution
    if (durationMillis < this.#limit.durationMillis || shape.kind !== 'select' || outcome !== 'completed')
      return
    // A check whether the database responds is slow where the process or the database is, and has to run.
    if (shape.tables.length === 0) return
    // Its result may depend on changes or settings of the transaction, such as the tenant of row-level security.
    if (transaction !== undefined) return
    // A query that locks rows or calls a volatile function has to run.
    if (query.traits.volatile) return
    const key = query.keys.whole
    if (key === undefined) return
    const { startedAt } = query
    const execution = {
      key,
      scope: outermost(this.#context.scope).id,
      startedAt,
      endedAt: startedAt + durationMillis,
    }
    const found = addToBurst(database, shape.exactFingerprint, execution, this.#limit.atLeast)
    // One finding for all scopes of the burst.
    if (found?.isNew === true) this.#open(query, found.burst)
  }

  #open({ execution }: TrackedQuery, burst: Burst): void {
    this.#context.ledger.open({
      kind: 'cache_stampede',
      evidence: 'measured',
      database: execution.database,
      execution,
      frames: framesOf(captureStack()),
      refresh: (finding) => {
        finding.count = burst.scopes.size
        finding.avoidableCount = burst.scopes.size - 1
        finding.durationMillis = burst.totalMillis
        finding.overlappingMillis = Math.max(0, burst.totalMillis - burst.longestMillis)
        finding.suggestion =
          'let the first scope load it while the others await the same promise, and keep the result in a cache'
        return {
          timesLimit: burst.scopes.size / this.#limit.atLeast,
          size: formatMillis(burst.longestMillis),
        }
      },
    })
  }
}

/** Up to a request, which has a parent only in a capture: the requests of one test are scopes of their own. */
function outermost(scope: Scope): Scope {
  let outer = scope
  while (outer.kind !== 'http' && outer.parent !== undefined) outer = outer.parent
  return outer
}
