import { clock } from '../../../clock.js'
import { formatMillis } from '../../report/finding-message.js'
import { severityByLimit } from '../../report/severity.js'
import type { CallSite } from '../../../messages/call-site.js'
import type { DatabaseInfo } from '../../../messages/database-info.js'
import type { Finding, FindingKind } from '../../../messages/finding.js'
import { callSiteOf } from '../../../stack/call-site.js'
import { captureStack, framesOf, siteKeyOf, type Frame } from '../../../stack/captured-stack.js'
import type { DurationLimit } from '../../policy/limits.js'
import type { Detector, DetectorContext } from '../detector.js'
import type { KindDefinition } from '../kind.js'
import { Intervals } from './intervals.js'

declare module '../../../messages/finding.js' {
  interface FindingKinds {
    /** A scope waited for connections of its pool for long. */
    readonly pool_wait: DurationLimit
  }
}

declare module '../kind.js' {
  interface KindOptions {
    /**
     * The time in which at least one call of the scope waits for a connection of the pool. Waits of a loop or another
     * finding do not count: its suggestion names them.
     *
     * @default { durationMillis: 1_000 }
     */
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
    opens: 'at 1 s of waiting',
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

/** Shorter times are the pool's own work. */
const SHORTEST_MILLIS = 1
const MAX_CALL_SITES = 32
/** Kinds whose cure also saves the waits of their calls. */
const CAUSES: ReadonlySet<FindingKind> = new Set([
  'n_plus_one',
  'n_plus_one_write',
  'duplicate_query',
  'transaction_per_item',
  'second_connection',
])

/** The waits of one call site. */
interface WaitsOfCallSite {
  readonly database: DatabaseInfo
  readonly frames: readonly Frame[]
  readonly times: Intervals
  count: number
}

/**
 * Waits are judged when the scope ends: only then it is known which of them belong to other findings. Each query of a
 * parallel loop waits for the ones before it, and the loop's own finding has the cure.
 */
class PoolWaitDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: number
  readonly #waits = new Map<string, WaitsOfCallSite>()

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.pool_wait?.durationMillis ?? Number.POSITIVE_INFINITY
  }

  connectionWaited(database: DatabaseInfo, waitMillis: number): void {
    if (waitMillis < SHORTEST_MILLIS || this.#limit === Number.POSITIVE_INFINITY) return
    const now = clock.now()
    const waits = this.#waitsAt(database)
    waits.count++
    waits.times.add({ from: now - waitMillis, to: now })
  }

  scopeEnds(): void {
    const all = [...this.#waits.values()]
    this.#waits.clear()
    if (millisOf(all) < this.#limit) return
    const { ledger } = this.#context
    const causes = ledger.findings.filter(({ kind }) => CAUSES.has(kind))
    const others = all.filter((waits) => !causes.some((cause) => isCausedBy(waits, cause)))
    for (const cause of causes) {
      const millis = millisOf(all.filter((waits) => isCausedBy(waits, cause)))
      if (millis >= this.#limit) {
        ledger.note(cause, `this also saves ${formatMillis(millis)} of waiting for connections of the pool`)
      }
    }
    this.#open(others)
  }

  #open(waits: readonly WaitsOfCallSite[]): void {
    const millis = millisOf(waits)
    const [longest] = waits.toSorted((a, b) => millisOf([b]) - millisOf([a]))
    if (longest === undefined || millis < this.#limit) return
    this.#context.ledger.open({
      kind: 'pool_wait',
      evidence: 'measured',
      database: longest.database,
      execution: undefined,
      frames: longest.frames,
      refresh: (finding) => {
        finding.count = waits.reduce((sum, { count }) => sum + count, 0)
        finding.durationMillis = millis
        finding.suggestion =
          'shorten transactions, move other I/O out of them, run fewer queries at once, or increase the pool size'
        return { timesLimit: millis / this.#limit }
      },
    })
  }

  #waitsAt(database: DatabaseInfo): WaitsOfCallSite {
    const frames = framesOf(captureStack())
    const key = this.#waits.size < MAX_CALL_SITES ? siteKeyOf(frames) : ''
    let waits = this.#waits.get(key)
    if (waits === undefined) {
      this.#waits.set(key, (waits = { database, frames, times: new Intervals(), count: 0 }))
    }
    return waits
  }
}

function millisOf(waits: readonly WaitsOfCallSite[]): number {
  return Intervals.millisOf(waits.map(({ times }) => times))
}

/**
 * Whether the calls of another finding waited. In the mode `throw`, the stack of a call no longer leads to a parallel loop
 * once one of its queries has been rejected.
 */
function isCausedBy({ frames }: WaitsOfCallSite, { callSite, callSites, frames: ofCause }: Finding): boolean {
  const [innermost, ...outer] = frames.map(callSiteOf)
  if (innermost === undefined) return true
  const lines = [...callSites, ...(callSite === undefined ? [] : [callSite])]
  return (
    isSameCall(ofCause[0], innermost) ||
    ofCause.some((frame) => isSameLine(frame, innermost)) ||
    [innermost, ...outer].some((frame) => lines.some((line) => isSameLine(line, frame)))
  )
}

function isSameLine(a: CallSite, b: CallSite): boolean {
  return a.file === b.file && a.line === b.line
}

/** The most lines of a chain of calls, such as a query of Kysely. */
const CHAIN_LINES = 12

/**
 * Whether a call may be the one that waited. The stack inside a chain of calls names its last line, and the stack behind
 * the `await` its first one.
 */
function isSameCall(inside: CallSite | undefined, awaited: CallSite): boolean {
  if (inside?.function === undefined || inside.function !== awaited.function) return false
  const lines = inside.line - awaited.line
  return inside.file === awaited.file && lines >= 0 && lines <= CHAIN_LINES
}
