import type { QueryExecution } from '../record/query-execution.js'
import type { CapturedStack } from './captured-stack.js'
import { evidenceKeyOf } from './value-key.js'

/** What a row is to us: columns by name. */
export type Row = Readonly<Record<string, unknown>>

/** Rows that an earlier statement returned, any of which a loop may run over. */
export interface RowSource {
  readonly execution: QueryExecution
  /** Where its rows arrived, if that was looked at. */
  readonly stack: CapturedStack | undefined
  /** How many statements of the scope had begun when its first rows arrived. */
  readonly knownSince: number
  readonly rememberedAt: number
  /** A list of our own: what the application does with its list is not seen here. */
  readonly rows: Row[]
  bytes: number
  readonly values: Map<string, ColumnValues>
}

/** The values of a column; made when somebody looks for one. */
export interface ColumnValues {
  /** Which of the column's different values it is, in the order of the rows, from 0. */
  readonly places: ReadonlyMap<string, number>
  /** Those that stand in several rows. */
  readonly repeated: ReadonlySet<string>
}

/** How many more rows one statement may have looked at for its sake: what is left waits for the next one. */
export interface Effort {
  rows: number
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
  add(source: RowSource, rows: readonly Row[]): void {
    const now = source.rememberedAt
    while (this.#sources.length >= MAX_SOURCES || this.#isOld(this.#sources[0], now)) this.#dropOldest()
    this.#sources.push(source)
    this.extend(source, rows)
  }

  /** Adds rows, of which the first ones are kept: that is where a loop begins. */
  extend(source: RowSource, rows: readonly Row[]): void {
    const room = MAX_ROWS - source.rows.length
    if (room <= 0 || !this.#sources.includes(source)) return
    const bytesEach = estimateBytes(rows) / Math.max(1, rows.length)
    const roomBytes = MAX_BYTES / 4 - source.bytes
    const affordable = bytesEach === 0 ? room : Math.floor(roomBytes / bytesEach)
    const count = Math.min(rows.length, room, Math.max(source.rows.length === 0 ? 1 : 0, affordable))
    for (let index = 0; index < count; index++) source.rows.push(rows[index]!)
    const bytes = Math.ceil(count * bytesEach)
    source.bytes += bytes
    this.#bytes += bytes
    source.values.clear()
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

/** @returns the values of a column, or `undefined` where finding them out would take too long now */
export function valuesOf(source: RowSource, column: string, effort: Effort): ColumnValues | undefined {
  const known = source.values.get(column)
  if (known !== undefined || effort.rows <= 0) return known
  const places = new Map<string, number>()
  const repeated = new Set<string>()
  const add = (value: unknown): void => {
    const key = evidenceKeyOf(value)
    effort.rows--
    if (key === undefined) return
    if (places.has(key)) repeated.add(key)
    else places.set(key, places.size)
  }
  for (const row of source.rows) {
    const value: unknown = row?.[column]
    if (Array.isArray(value)) value.slice(0, MAX_ELEMENTS).forEach(add)
    else add(value)
  }
  const values: ColumnValues = { places, repeated }
  source.values.set(column, values)
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
