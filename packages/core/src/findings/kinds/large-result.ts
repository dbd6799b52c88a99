import type { QueryExecution } from '../../messages/query-execution.js'
import type { StatementTraits } from '../../sql/tree/statement-traits.js'
import { captureStack, framesOf, siteKeyOf } from '../../stack/captured-stack.js'
import type { FindingLedger } from '../report/finding-ledger.js'
import type { ResolvedFindingOptions } from '../policy/finding-options.js'
import { estimateBytes } from '../memory/returned-rows.js'

/** The large results of one statement at one place: the largest stands for all. */
interface LargeResult {
  count: number
  durationMillis: number
  rows: number
  bytes: number
}

const MAX_PLACES = 100

/** Opens a finding for each place that gets large results. */
export class LargeResults {
  readonly #limits: ResolvedFindingOptions['largeResult']
  readonly #ledger: FindingLedger
  readonly #places = new Map<string, LargeResult>()

  constructor(limits: ResolvedFindingOptions['largeResult'], ledger: FindingLedger) {
    this.#limits = limits
    this.#ledger = ledger
  }

  /** Judges a result that has arrived. */
  judge(execution: QueryExecution, rows: readonly unknown[], traits: () => StatementTraits): void {
    const limits = this.#limits
    const count = rows.length
    if (count === 0) return
    const bytes = estimateBytes(rows)
    const isLarge = count >= limits.rows || bytes >= limits.bytes
    const isUnfiltered = count >= limits.unfilteredRows && readsAll(execution, traits)
    if (isLarge || isUnfiltered) this.#add(execution, count, bytes, isUnfiltered)
  }

  #add(execution: QueryExecution, rows: number, bytes: number, isUnfiltered: boolean): void {
    const frames = framesOf(captureStack())
    const key = `${execution.shape.fingerprint} ${siteKeyOf(frames)}`
    const known = this.#places.get(key)
    if (known !== undefined) {
      known.count++
      known.durationMillis += execution.durationMillis ?? 0
      known.rows = Math.max(known.rows, rows)
      known.bytes = Math.max(known.bytes, bytes)
      return
    }
    if (this.#places.size >= MAX_PLACES) return
    const place: LargeResult = { count: 1, durationMillis: execution.durationMillis ?? 0, rows, bytes }
    this.#places.set(key, place)
    this.#ledger.open({
      kind: 'large_result',
      evidence: 'measured',
      database: execution.database,
      execution,
      frames,
      refresh: (finding) => {
        finding.count = place.count
        finding.durationMillis = place.durationMillis
        finding.suggestion = isUnfiltered
          ? 'it says neither which rows it wants nor how many: add .where(…) or .limit(…), or read it with .stream()'
          : 'ask for the columns and rows that are needed with .select(…), .where(…) and .limit(…), or read them with .stream()'
        const limits = this.#limits
        return {
          timesLimit: Math.max(place.rows / limits.rows, place.bytes / limits.bytes, isUnfiltered ? 1 : 0),
          size: `${place.rows.toLocaleString('en')} rows, about ${formatBytes(place.bytes)}`,
        }
      },
    })
  }
}

function readsAll({ shape }: QueryExecution, traits: () => StatementTraits): boolean {
  if (shape.kind !== 'select') return false
  const { filtered, limited } = traits()
  return !filtered && !limited
}

function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
