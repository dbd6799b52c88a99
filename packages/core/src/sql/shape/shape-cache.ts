import { processState } from '../../process-state.js'
import { normalizeSystem, type SqlDialect } from '../tokens/dialect.js'
import { nameOfMerging } from './name-merging.js'
import { analyzeQuery, type AnalyzeOptions, type QueryShape } from './query-shape.js'

/** Counts of a cache since it was made, and what it holds now. */
export interface ShapeCacheStatistics {
  /** Look-ups that found the statement. */
  readonly hits: number
  /** Look-ups that had to read the statement. */
  readonly misses: number
  /** Statements that were removed to make room. */
  readonly evictions: number
  /** Statements in the cache now. */
  readonly entries: number
  /** Bytes of heap that the entries take, estimated. */
  readonly bytes: number
}

/** Returns the shape of a statement, and reads the statement only if the cache does not hold it. */
export interface ShapeCache {
  /**
   * Never throws. Takes a look-up in a hash map if the cache holds the statement, otherwise the time of `analyzeQuery`.
   *
   * @returns the same object for the same text, as long as the cache holds it
   */
  get(sql: string): QueryShape
  /** The shape that the cache holds, if it does. It is no use of the cache: a statement does not stay for it. */
  peek(sql: string): QueryShape | undefined
  readonly statistics: ShapeCacheStatistics
}

/** How an adapter's statements are read. {@link AnalyzeOptions} describes the options. */
export interface StatementReading extends Pick<AnalyzeOptions, 'backslashEscapes' | 'mergeNames'> {
  /** The system whose rules hold, by its `db.system.name` or another name that `normalizeSystem` knows. */
  readonly dialect: SqlDialect | (string & {})
}

/** How much a cache may hold. */
export interface ShapeCacheLimits {
  /** Statements. @default 5,000 */
  readonly maxEntries: number
  /** Bytes of heap, estimated. @default 8 MiB */
  readonly maxBytes: number
}

/** An application with some hundred query builders needs far less. */
const DEFAULT_LIMITS: ShapeCacheLimits = { maxEntries: 5_000, maxBytes: 8 * 1024 * 1024 }
/** The share of the cache for new statements. The rest is for statements that were requested again. */
const PROBATION_SHARE = 0.1
/** A statement that takes a larger share of the cache is not kept. */
const MAX_ENTRY_SHARE = 0.1
/** Roughly the shape, the entry and its part of the map. */
const ENTRY_OVERHEAD_BYTES = 400
const MAX_USES = 3

interface Entry {
  readonly shape: QueryShape
  /** Hash of the text. It identifies a statement that was evicted. */
  readonly hash: number
  readonly bytes: number
  /** Number of hits since the entry was last considered for eviction, at most {@link MAX_USES}. */
  uses: number
}

/**
 * Makes a cache that is bounded by entries and by bytes.
 *
 * An application that writes values into its SQL sends a flood of texts that never return. They pass through a small
 * queue of new statements. A statement moves to the main queue if it is requested again in that queue or soon after.
 *
 * @param reading how the statements are read
 * @param limits default to 5,000 entries and 8 MiB
 * @see https://dl.acm.org/doi/10.1145/3600006.3613147 S3-FIFO, "FIFO queues are all you need for cache eviction"
 */
export function createShapeCache(
  reading: StatementReading,
  limits: ShapeCacheLimits = DEFAULT_LIMITS,
): ShapeCache {
  const maxEntryBytes = limits.maxBytes * MAX_ENTRY_SHARE
  const main = new Map<string, Entry>()
  const probation = new Map<string, Entry>()
  /** Hashes of the texts that were evicted from `probation`, the oldest first. */
  const ghosts = new Set<number>()
  let probationBytes = 0
  let mainBytes = 0
  let hits = 0
  let misses = 0
  let evictions = 0

  function add(sql: string, shape: QueryShape): void {
    const bytes = ENTRY_OVERHEAD_BYTES + 2 * (sql.length + (shape.text === sql ? 0 : shape.text.length))
    if (bytes > maxEntryBytes) return
    const entry: Entry = { shape, hash: hashOf(sql), bytes, uses: 0 }
    if (ghosts.delete(entry.hash)) {
      main.set(sql, entry)
      mainBytes += bytes
    } else {
      probation.set(sql, entry)
      probationBytes += bytes
    }
    while (main.size + probation.size > limits.maxEntries || mainBytes + probationBytes > limits.maxBytes) {
      const isProbationFull =
        probation.size > limits.maxEntries * PROBATION_SHARE ||
        probationBytes > limits.maxBytes * PROBATION_SHARE
      if (isProbationFull || main.size === 0) evictFromProbation()
      else evictFromMain()
    }
  }

  function evictFromProbation(): void {
    const [[sql, entry] = []] = probation
    if (sql === undefined || entry === undefined) return
    probation.delete(sql)
    probationBytes -= entry.bytes
    if (entry.uses === 0) {
      evictions++
      ghosts.add(entry.hash)
      if (ghosts.size > limits.maxEntries) {
        const [oldest] = ghosts
        ghosts.delete(oldest!)
      }
      return
    }
    entry.uses = 0
    main.set(sql, entry)
    mainBytes += entry.bytes
  }

  function evictFromMain(): void {
    const [[sql, entry] = []] = main
    if (sql === undefined || entry === undefined) return
    main.delete(sql)
    if (entry.uses > 0) {
      entry.uses--
      main.set(sql, entry)
      return
    }
    mainBytes -= entry.bytes
    evictions++
  }

  return {
    get(sql) {
      const entry = main.get(sql) ?? probation.get(sql)
      if (entry !== undefined) {
        hits++
        if (entry.uses < MAX_USES) entry.uses++
        return entry.shape
      }
      misses++
      const shape = analyzeQuery(sql, reading)
      // Drivers may accept objects as statements; only a string is a key.
      if (typeof sql === 'string') add(sql, shape)
      return shape
    },
    peek(sql) {
      return (main.get(sql) ?? probation.get(sql))?.shape
    },
    get statistics() {
      return {
        hits,
        misses,
        evictions,
        entries: main.size + probation.size,
        bytes: mainBytes + probationBytes,
      }
    },
  }
}

function hashOf(sql: string): number {
  let hash = 0
  for (let position = 0; position < sql.length; position++) {
    hash = Math.imul(hash ^ sql.charCodeAt(position), 0x01000193)
  }
  return hash
}

const caches = processState('shapeCaches', () => new Map<string, ShapeCache>())

/**
 * Returns the cache that all databases of the process share if their statements are read in the same way.
 *
 * It is made at the first call and kept for the life of the process.
 */
export function shapeCacheOf(reading: StatementReading): ShapeCache {
  const { backslashEscapes, mergeNames } = reading
  const merging = nameOfMerging(mergeNames)
  const dialect = normalizeSystem(reading.dialect)
  const key = [
    dialect,
    ...(backslashEscapes === undefined ? [] : [`backslashEscapes: ${backslashEscapes}`]),
    ...(merging === undefined ? [] : [merging]),
  ].join(', ')
  let cache = caches.get(key)
  if (cache === undefined) caches.set(key, (cache = createShapeCache({ ...reading, dialect })))
  return cache
}

/**
 * Statistics of the caches of the process.
 *
 * A low share of hits shows that an application writes values into its SQL.
 *
 * @returns by `db.system.name`, followed by the options that differ from their defaults: `mysql`,
 *   `mysql, backslashEscapes: true`, `postgresql, mergeNames`
 */
export function shapeCacheStatistics(): ReadonlyMap<string, ShapeCacheStatistics> {
  return new Map([...caches].map(([name, cache]) => [name, cache.statistics]))
}
