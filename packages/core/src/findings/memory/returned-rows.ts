import type { QueryExecution } from '../../messages/query-execution.js'
import type { CapturedStack } from '../../stack/captured-stack.js'
import { evidenceKeyOf } from './value-key.js'

/** What a row is to us: columns by name. */
export type Row = Readonly<Record<string, unknown>>

/**
 * What an earlier statement returned, any row of which a loop may run over: of its first rows the values that a
 * parameter can be compared with, never the rows themselves.
 */
export interface ReturnedRows {
  readonly execution: QueryExecution
  /** Where its rows arrived, if that was looked at. */
  readonly stack: CapturedStack | undefined
  /** How many statements of the scope had begun when its first rows arrived. */
  readonly knownSince: number
  readonly rememberedAt: number
  /** By column, in the order of the rows; `undefined` for what is no such value. */
  readonly columns: Map<string, unknown[]>
  /** Columns that hold lists, of which the elements stand one after the other. */
  readonly lists: Set<string>
  readonly values: Map<string, ColumnValues>
}

/** A source before its rows. */
export function createReturnedRows(
  execution: QueryExecution,
  stack: CapturedStack | undefined,
  knownSince: number,
): ReturnedRows {
  return {
    execution,
    stack,
    knownSince,
    rememberedAt: performance.now(),
    columns: new Map(),
    lists: new Set(),
    values: new Map(),
  }
}

/** The values of a column; made when somebody looks for one. */
export interface ColumnValues {
  /** Which of the column's different values it is, in the order of the rows, from 0. */
  readonly places: ReadonlyMap<string, number>
  /** Those that stand in several rows. */
  readonly repeated: ReadonlySet<string>
}

/** How many more values one statement may have looked at for its sake: what is left waits for the next one. */
export interface Effort {
  values: number
}

const MAX_SOURCES = 16
/** Of a result the first ones: that is where a loop begins. */
const MAX_ROWS = 256
const MAX_COLUMNS = 32
/** UTF-16 units or bytes of a value: keys are short. */
const MAX_VALUE = 64
const MAX_AGE_MILLIS = 60_000

/** Remembers what the statements of a scope returned, within bounds: the newest results of several rows. */
export class RowMemory {
  readonly #sources: ReturnedRows[] = []

  /** Whether anything is remembered. */
  get isEmpty(): boolean {
    return this.#sources.length === 0
  }

  /** The newest first, without those that are too old. */
  newestFirst(now: number = performance.now()): readonly ReturnedRows[] {
    while (this.#isOld(this.#sources[0], now)) this.#sources.shift()
    return this.#sources.toReversed()
  }

  /** Begins to remember a statement's rows. */
  add(source: ReturnedRows, rows: readonly Row[]): void {
    while (this.#sources.length >= MAX_SOURCES || this.#isOld(this.#sources[0], source.rememberedAt)) {
      this.#sources.shift()
    }
    this.#sources.push(source)
    this.extend(source, rows)
  }

  /** Adds rows, as long as there is room. */
  extend(source: ReturnedRows, rows: readonly Row[]): void {
    const { columns, lists, values } = source
    const names = columns.size > 0 ? [...columns.keys()] : Object.keys(rows[0] ?? {}).slice(0, MAX_COLUMNS)
    if (!this.#sources.includes(source)) return
    values.clear()
    for (const name of names) {
      let cells = columns.get(name)
      if (cells === undefined) columns.set(name, (cells = []))
      for (let index = 0; index < rows.length && cells.length < MAX_ROWS; index++) {
        const value: unknown = rows[index]?.[name]
        if (!Array.isArray(value)) cells.push(comparableOf(value))
        else {
          lists.add(name)
          for (const element of value.slice(0, MAX_ROWS - cells.length)) cells.push(comparableOf(element))
        }
      }
    }
  }

  #isOld(source: ReturnedRows | undefined, now: number): boolean {
    return source !== undefined && now - source.rememberedAt > MAX_AGE_MILLIS
  }
}

/** A value that a key may be, as it is: what is larger, or holds others, is let go of. */
function comparableOf(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.length <= MAX_VALUE ? value : undefined
    case 'number':
    case 'bigint':
      return value
    case 'object':
      if (value instanceof Date) return value
      return value instanceof Uint8Array && value.length <= MAX_VALUE ? value : undefined
    default:
      return undefined
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
export function columnsOf({ columns }: ReturnedRows): readonly string[] {
  return [...columns.keys()]
}

/** @returns the values of a column, or `undefined` where finding them out would take too long now */
export function valuesOf(source: ReturnedRows, column: string, effort: Effort): ColumnValues | undefined {
  const known = source.values.get(column)
  if (known !== undefined || effort.values <= 0) return known
  const places = new Map<string, number>()
  const repeated = new Set<string>()
  const cells = source.columns.get(column) ?? []
  effort.values -= cells.length
  for (const value of cells) {
    const key = evidenceKeyOf(value)
    if (key === undefined) continue
    if (places.has(key)) repeated.add(key)
    else places.set(key, places.size)
  }
  const values: ColumnValues = { places, repeated }
  source.values.set(column, values)
  return values
}

/** @returns what the row with a value in one column holds in another, each as it is compared; `undefined` for none */
export function besideOf(
  source: ReturnedRows,
  column: string,
  key: string | undefined,
  other: string,
): string | undefined {
  if (source.lists.has(column) || source.lists.has(other)) return undefined
  const index = (source.columns.get(column) ?? []).findIndex((value) => evidenceKeyOf(value) === key)
  return index < 0 ? undefined : evidenceKeyOf(source.columns.get(other)?.[index])
}
