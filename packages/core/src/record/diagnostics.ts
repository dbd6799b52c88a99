import { unusedAllowances, type UnusedAllowance } from '../findings/policy/allowances.js'
import { faultCount } from '../messages/faults.js'
import { shapeCacheStatistics, type ShapeCacheStatistics } from '../sql/shape/shape-cache.js'

/** How Querylens itself is doing in this process. */
export interface Diagnostics {
  /** Number of errors inside Querylens and its subscribers since the process started; should be 0. */
  readonly faults: number
  /**
   * The caches of query shapes, by dialect and the options of reading. A low share of hits means values in SQL text.
   */
  readonly shapeCaches: ReadonlyMap<string, ShapeCacheStatistics>
  /** Allowances that no finding has needed, and those that have expired: at the end of a test run, remove them. */
  readonly unusedAllowances: readonly UnusedAllowance[]
}

/** A reading of how Querylens itself is doing; each call returns a new one. */
export function diagnostics(): Diagnostics {
  return {
    faults: faultCount(),
    shapeCaches: shapeCacheStatistics(),
    unusedAllowances: unusedAllowances(),
  }
}
