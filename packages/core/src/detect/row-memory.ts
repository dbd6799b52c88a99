import type { QueryExecution } from '../record/query-execution.js'
import type { CapturedStack } from './call-site.js'
import { isEvidence, valueKeyOf } from './value-key.js'

/** What a row is to us: columns by name. */
export type Row = Readonly<Record<string, unknown>>

/** Rows that an earlier statement returned, any of which a loop may run over. */
export interface RowSource {
  readonly execution: QueryExecution
  /** Where its rows arrived. */
  readonly stack: CapturedStack | undefined
  /** How many statements of the scope had begun when its first rows arrived. */
  readonly knownSince: number
  readonly rememberedAt: number
  rows: readonly Row[]
  bytes: number
  /** By column, how many rows hold a value; made when somebody looks for one. */
  readonly values: Map<string, ReadonlyMap<string, number>>
}

const MAX_SOURCES = 16
const MAX_ROWS = 1_000
const MAX_COLUMNS = 32
const MAX_ELEMENTS = 100
const MAX_BYTES = 4 * 1024 * 1024
const MAX_AGE_MILLIS = 60_000
const SAMPLE = 8

/** Remembers the rows of a scope, within bounds: the newest ones that were several. */
export class RowMemory {
  readonly #sources: RowSource[] = []
  #bytes = 0

  /** Whether anything is remembered. */
  get isEmpty(): boolean {
    return this.#sources.length === 0
  }

  /** The newest first. */
  newestFirst(): readonly RowSource[] {
    return this.#sources.toReversed()
  }

  /** Begins to remember a statement's rows. */
  add(source: RowSource): void {
    const now = source.rememberedAt
    while (this.#sources.length >= MAX_SOURCES || this.#isOld(this.#sources[0], now)) this.#dropOldest()
    this.#sources.push(source)
    this.#take(source, source.rows)
  }

  /** Adds a chunk of a stream. */
  extend(source: RowSource, rows: readonly Row[]): void {
    if (!this.#sources.includes(source) || source.rows.length >= MAX_ROWS) return
    this.#take(source, [...source.rows, ...rows])
    source.values.clear()
  }

  #take(source: RowSource, rows: readonly Row[]): void {
    const bytes = estimateBytes(rows)
    // Of what is too much the first rows: that is where a loop begins.
    const share = bytes > MAX_BYTES / 4 ? MAX_BYTES / 4 / bytes : 1
    const count = Math.min(MAX_ROWS, Math.max(1, Math.floor(rows.length * share)))
    this.#bytes -= source.bytes
    source.rows = count < rows.length ? rows.slice(0, count) : rows
    source.bytes = Math.ceil((bytes * count) / Math.max(1, rows.length))
    this.#bytes += source.bytes
    while (this.#bytes > MAX_BYTES && this.#sources.length > 1) this.#dropOldest()
  }

  #isOld(source: RowSource | undefined, now: number): boolean {
    return source !== undefined && now - source.rememberedAt > MAX_AGE_MILLIS
  }

  #dropOldest(): void {
    this.#bytes -= this.#sources.shift()?.bytes ?? 0
  }
}

/** Whether a result may be what a loop runs over: several rows, or a list in one. */
export function isSeveral(rows: readonly unknown[]): boolean {
  if (rows.length !== 1) return rows.length > 1
  const [row] = rows
  if (typeof row !== 'object' || row === null) return false
  for (const name in row) {
    const value = (row as Row)[name]
    if (Array.isArray(value) && value.length > 1) return true
  }
  return false
}

/** The columns of a source. */
export function columnsOf({ rows: [first] }: RowSource): readonly string[] {
  return first === undefined || first === null ? [] : Object.keys(first).slice(0, MAX_COLUMNS)
}

/** The values of a column, and how many rows hold each. */
export function valuesOf(source: RowSource, column: string): ReadonlyMap<string, number> {
  let values = source.values.get(column)
  if (values === undefined) {
    const counts = new Map<string, number>()
    const count = (value: unknown): void => {
      if (!isEvidence(value)) return
      const key = valueKeyOf(value)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    for (const row of source.rows) {
      const value: unknown = row?.[column]
      if (Array.isArray(value)) value.slice(0, MAX_ELEMENTS).forEach(count)
      else count(value)
    }
    source.values.set(column, (values = counts))
  }
  return values
}

/** What rows take, roughly: from some of them, spread over all. */
export function estimateBytes(rows: readonly unknown[]): number {
  const sampled = Math.min(SAMPLE, rows.length)
  let bytes = 0
  for (let index = 0; index < sampled; index++) {
    const row = rows[Math.floor((index * rows.length) / sampled)]
    if (typeof row === 'object' && row !== null) bytes += bytesOf(row as Row)
  }
  return sampled === 0 ? 0 : Math.ceil((bytes * rows.length) / sampled)
}

function bytesOf(row: Row): number {
  let bytes = 0
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'string') bytes += value.length
    else if (value instanceof Uint8Array) bytes += value.byteLength
    else bytes += Array.isArray(value) ? 8 * value.length : 8
  }
  return bytes
}
