import { captureStack, framesOf, siteKeyOf } from '../../stack/captured-stack.js'
import { estimateBytes } from '../memory/row-size.js'
import type { TrackedQuery } from '../memory/tracked-query.js'
import type { ResolvedLimit } from '../policy/limits.js'
import { severityByLimit } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

/** When a result is large. */
export interface ResultLimit {
  /** Rows of any result. @default 10_000 */
  readonly rows?: number | undefined
  /** Bytes of any result, estimated from a sample of its rows. @default 10 MiB */
  readonly bytes?: number | undefined
  /** Rows of a SELECT without WHERE and LIMIT, which returns everything. @default 1_000 */
  readonly unfilteredRows?: number | undefined
}

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** A result has many rows or bytes, or all rows of a table. */
    readonly large_result: ResultLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /**
     * Results with many rows or bytes, or with all rows of a table.
     *
     * @default { rows: 10_000, bytes: 10_485_760, unfilteredRows: 1_000 }
     */
    readonly largeResult?: boolean | ResultLimit | undefined
  }
}

export const largeResult: KindDefinition<'large_result'> = {
  kind: 'large_result',
  option: 'largeResult',
  label: 'large result',
  limit: { defaults: { rows: 10_000, bytes: 10 * 1024 * 1024, unfilteredRows: 1_000 }, smallest: 1 },
  conditions: ['callSite', 'fingerprint', 'table', 'scope'],
  docs: {
    what: 'a result has many rows or bytes, or all rows of a table',
    opens: 'at 10,000 rows, 10 MiB, or 1,000 rows without WHERE and LIMIT',
    example: 'select posts returned 24,000 rows, about 3.1 MiB',
  },
  headline: ({ count, summary }, size) =>
    count > 1 ? `${count}x ${summary}, which returned up to ${size}` : `${summary} returned ${size}`,
  severity: severityByLimit,
  detect: (context) => new LargeResultDetector(context),
}

/** The large results of one statement at one call site: the largest stands for all. */
interface LargeResults {
  count: number
  durationMillis: number
  rows: number
  bytes: number
}

const MAX_CALL_SITES = 100
const OFF = { rows: Infinity, bytes: Infinity, unfilteredRows: Infinity }

class LargeResultDetector implements Detector {
  readonly #limits: ResolvedLimit<ResultLimit>
  readonly #ledger: DetectorContext['ledger']
  readonly #byCallSite = new Map<string, LargeResults>()

  constructor({ limits, ledger }: DetectorContext) {
    this.#limits = limits.large_result ?? OFF
    this.#ledger = ledger
  }

  queryEnds(query: TrackedQuery, rows: readonly unknown[] | undefined): void {
    if (rows === undefined || rows.length === 0) return
    const limits = this.#limits
    const bytes = estimateBytes(rows)
    const isLarge = rows.length >= limits.rows || bytes >= limits.bytes
    const isUnfiltered = rows.length >= limits.unfilteredRows && readsAll(query)
    if (isLarge || isUnfiltered) this.#add(query, rows.length, bytes, isUnfiltered)
  }

  #add({ execution, call }: TrackedQuery, rows: number, bytes: number, isUnfiltered: boolean): void {
    const frames = framesOf(captureStack())
    const key = `${execution.shape.fingerprint} ${siteKeyOf(frames)}`
    const { durationMillis = 0 } = execution
    const known = this.#byCallSite.get(key)
    if (known !== undefined) {
      known.count++
      known.durationMillis += durationMillis
      known.rows = Math.max(known.rows, rows)
      known.bytes = Math.max(known.bytes, bytes)
      return
    }
    if (this.#byCallSite.size >= MAX_CALL_SITES) return
    const results: LargeResults = { count: 1, durationMillis, rows, bytes }
    this.#byCallSite.set(key, results)
    this.#ledger.open({
      kind: 'large_result',
      evidence: 'measured',
      database: execution.database,
      execution,
      frames: frames.length > 0 ? frames : framesOf(call),
      refresh: (finding) => {
        const limits = this.#limits
        finding.count = results.count
        finding.durationMillis = results.durationMillis
        finding.suggestion = isUnfiltered
          ? 'it has no WHERE and no LIMIT: add .where(…) or .limit(…), or read it with .stream()'
          : 'select only the columns and rows that you need with .select(…), .where(…) and .limit(…), or read them with .stream()'
        return {
          timesLimit: Math.max(
            results.rows / limits.rows,
            results.bytes / limits.bytes,
            isUnfiltered ? 1 : 0,
          ),
          size: `${results.rows.toLocaleString('en')} rows, about ${formatBytes(results.bytes)}`,
        }
      },
    })
  }
}

function readsAll(query: TrackedQuery): boolean {
  if (query.execution.shape.kind !== 'select') return false
  const { filtered, limited } = query.traits
  return !filtered && !limited
}

function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
