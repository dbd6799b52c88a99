import { normalizeSystem, type SqlDialect } from '../tokens/dialect.js'
import { analyzeQuery, type AnalyzeOptions, type QueryShape } from './query-shape.js'

/** What a cache has done and holds; counted since it was made. */
export interface ShapeCacheStatistics {
  readonly hits: number
  readonly misses: number
  readonly evictions: number
  readonly entries: number
  /** An estimate of the heap that the entries take. */
  readonly bytes: number
}

/** Finds the shape of a statement, and reads each statement only once as long as it remembers it. */
export interface ShapeCache {
  get(sql: string): QueryShape
  readonly statistics: ShapeCacheStatistics
}

/** How the statements of one kind of database are read; see {@link AnalyzeOptions}. */
export interface StatementReading extends Pick<AnalyzeOptions, 'backslashEscapes' | 'mergePartitions'> {
  readonly dialect: SqlDialect | (string & {})
}

/** How much a cache keeps. */
export interface ShapeCacheLimits {
  readonly maxEntries: number
  readonly maxBytes: number
}

/** An application of some hundred query builders stays far below. */
const DEFAULT_LIMITS: ShapeCacheLimits = { maxEntries: 5_000, maxBytes: 8 * 1024 * 1024 }
/** The part of a cache that new statements may fill; the rest is for those that came back. */
const PROBATION_SHARE = 0.1
/** A statement that would take more than this part of the cache is read anew each time. */
const MAX_ENTRY_SHARE = 0.1
/** Shape, entry and the maps' share, roughly. */
const ENTRY_OVERHEAD_BYTES = 400
const MAX_USES = 3

interface Entry {
  readonly shape: QueryShape
  /** Of the text, to recognise it when it comes back after its eviction. */
  readonly hash: number
  readonly bytes: number
  /** How often it was asked for since it was last considered for eviction, up to {@link MAX_USES}. */
  uses: number
}

/**
 * Bounded by entries and by bytes, and made for applications that write values into their SQL: a flood of
 * texts that never come back passes through a small queue. What is asked for again while it is there, or soon
 * after, gets to the main one.
 *
 * @see https://dl.acm.org/doi/10.1145/3600006.3613147 S3-FIFO, "FIFO queues are all you need for cache eviction"
 */
export function createShapeCache(
  reading: StatementReading,
  limits: ShapeCacheLimits = DEFAULT_LIMITS,
): ShapeCache {
  const maxEntryBytes = limits.maxBytes * MAX_ENTRY_SHARE
  const main = new Map<string, Entry>()
  const probation = new Map<string, Entry>()
  /** Hashes of texts that were evicted from probation. */
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
      // Whatever a driver takes for a statement is no key unless it is a string.
      if (typeof sql === 'string') add(sql, shape)
      return shape
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

const caches = new Map<string, ShapeCache>()

/** The cache of all databases of the process whose statements are read in the same way. */
export function shapeCacheOf(reading: StatementReading): ShapeCache {
  const { backslashEscapes, mergePartitions = false } = reading
  const dialect = normalizeSystem(reading.dialect)
  const key = [
    dialect,
    ...(backslashEscapes === undefined ? [] : [`backslashEscapes: ${backslashEscapes}`]),
    ...(mergePartitions ? ['mergePartitions'] : []),
  ].join(', ')
  let cache = caches.get(key)
  if (cache === undefined) caches.set(key, (cache = createShapeCache({ ...reading, dialect })))
  return cache
}

/**
 * What the caches of the process have done, by `db.system.name` and the options of reading that were given; a
 * low share of hits means values in SQL text.
 */
export function shapeCacheStatistics(): ReadonlyMap<string, ShapeCacheStatistics> {
  return new Map([...caches].map(([name, cache]) => [name, cache.statistics]))
}
