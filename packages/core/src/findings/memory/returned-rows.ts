import { isUint8Array } from 'node:util/types'

import { clock } from '../../clock.js'
import type { QueryExecution } from '../../messages/query-execution.js'
import type { CapturedStack } from '../../stack/captured-stack.js'
import { evidenceKeyOf } from './value-key.js'

/** A row: values by column name. */
export type Row = Readonly<Record<string, unknown>>

/**
 * What Querylens remembers of an earlier result, because a loop may run over its rows: values of its first rows that a
 * parameter can be compared with, never the rows themselves.
 */
export interface ReturnedRows {
  readonly execution: QueryExecution
  /** The stack at which its rows arrived; `undefined` if Querylens did not capture it. */
  readonly stack: CapturedStack | undefined
  /** Number of statements of the scope that had begun when its first rows arrived. */
  readonly knownSince: number
  /** By the monotonic clock. */
  readonly rememberedAt: number
  /** By column, in the order of the rows; `undefined` for a value that cannot be compared. */
  readonly columns: Map<string, unknown[]>
  /**
   * Columns that hold lists. Their elements follow one another in {@link columns}: for each list that is there as a whole,
   * the index of its first element and the one behind its last.
   */
  readonly lists: Map<string, number[]>
  readonly values: Map<string, ColumnValues>
}

/** Creates the memory of a result without rows yet. */
export function createReturnedRows(
  execution: QueryExecution,
  stack: CapturedStack | undefined,
  knownSince: number,
): ReturnedRows {
  return {
    execution,
    stack,
    knownSince,
    rememberedAt: clock.now(),
    columns: new Map(),
    lists: new Map(),
    values: new Map(),
  }
}

/** The distinct values of a column; computed when a parameter is first looked up in it. */
export interface ColumnValues {
  /** The rank of each distinct value by its first row, from 0. */
  readonly ranks: ReadonlyMap<string, number>
  /** The values that occur in several rows. */
  readonly repeated: ReadonlySet<string>
}

/** Number of values that Querylens may still read for one statement. It reads the others for a later statement. */
export interface Effort {
  values: number
}

const MAX_SOURCES = 16
/** Only the first rows of a result: a loop begins with them. */
const MAX_ROWS = 256
const MAX_COLUMNS = 32
/** UTF-16 units or bytes of a value: keys are short. */
const MAX_VALUE = 64
const JSON_LIST = /^\[.*\]$/
const MAX_AGE_MILLIS = 60_000

/** Remembers the newest results of a scope that have several rows, within bounds. */
export class RowMemory {
  readonly #sources: ReturnedRows[] = []

  /** Whether it remembers no result. */
  get isEmpty(): boolean {
    return this.#sources.length === 0
  }

  /** The results, the newest first, without those older than 60 seconds. */
  newestFirst(now: number = clock.now()): readonly ReturnedRows[] {
    while (this.#isOld(this.#sources[0], now)) this.#sources.shift()
    return this.#sources.toReversed()
  }

  /** Starts to remember a result with its first rows. */
  add(source: ReturnedRows, rows: readonly Row[]): void {
    while (this.#isOld(this.#sources[0], source.rememberedAt)) this.#sources.shift()
    if (this.#sources.length >= MAX_SOURCES) this.#sources.splice(this.#leastUseful(), 1)
    this.#sources.push(source)
    this.extend(source, rows)
  }

  /** Adds rows up to 256 values for each column. */
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
        if (!Array.isArray(value)) cells.push(keyValueOf(value))
        else {
          addList(lists, name, cells, value)
        }
      }
    }
  }

  /**
   * The index of the oldest result whose statement has a newer one, or else of the oldest result. So the results of a loop
   * displace one another before they displace the rows that the loop runs over.
   */
  #leastUseful(): number {
    const sources = this.#sources
    for (let index = 0; index < sources.length; index++) {
      const { fingerprint } = sources[index]!.execution.shape
      for (let later = index + 1; later < sources.length; later++) {
        if (sources[later]!.execution.shape.fingerprint === fingerprint) return index
      }
    }
    return 0
  }

  #isOld(source: ReturnedRows | undefined, now: number): boolean {
    return source !== undefined && now - source.rememberedAt > MAX_AGE_MILLIS
  }
}

function addList(
  lists: ReturnedRows['lists'],
  name: string,
  cells: unknown[],
  list: readonly unknown[],
): void {
  let bounds = lists.get(name)
  if (bounds === undefined) lists.set(name, (bounds = []))
  const start = cells.length
  for (const element of list.slice(0, MAX_ROWS - start)) cells.push(keyValueOf(element))
  if (cells.length === start + list.length) bounds.push(start, cells.length)
}

/** The value if it may be a key; `undefined` for large values and for objects. Under jsdom, bytes are of another realm. */
function keyValueOf(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.length <= MAX_VALUE ? value : undefined
    case 'number':
    case 'bigint':
      return value
    case 'object':
      if (value instanceof Date) return value
      return isUint8Array(value) && value.length <= MAX_VALUE ? value : undefined
    default:
      return undefined
  }
}

/** Whether a loop may run over a result: it has several rows, or one row with a list of several elements. */
export function isLoopSource(rows: readonly unknown[]): boolean {
  if (rows.length !== 1) return rows.length > 1
  const [row] = rows
  if (typeof row !== 'object' || row === null) return false
  for (const name in row) {
    const value = (row as Row)[name]
    if (Array.isArray(value) && value.length > 1) return true
  }
  return false
}

export function columnsOf({ columns }: ReturnedRows): readonly string[] {
  return [...columns.keys()]
}

/** @returns the values of a column; `undefined` if `effort` is used up */
export function valuesOf(source: ReturnedRows, column: string, effort: Effort): ColumnValues | undefined {
  const known = source.values.get(column)
  if (known !== undefined || effort.values <= 0) return known
  const ranks = new Map<string, number>()
  const repeated = new Set<string>()
  const cells = source.columns.get(column) ?? []
  effort.values -= cells.length
  for (const value of cells) {
    const key = evidenceKeyOf(value)
    if (key === undefined) continue
    if (ranks.has(key)) repeated.add(key)
    else ranks.set(key, ranks.size)
  }
  const values: ColumnValues = { ranks, repeated }
  source.values.set(column, values)
  return values
}

/**
 * Finds the lists in a column: arrays, or JSON as text, which SQLite returns.
 *
 * @returns the keys of their elements, in the order of the rows; empty if `effort` is used up
 */
export function listsOf(
  source: ReturnedRows,
  column: string,
  effort: Effort,
): readonly (readonly (string | undefined)[])[] {
  const cells = source.columns.get(column) ?? []
  const bounds = source.lists.get(column)
  const [first] = cells
  const isText = typeof first === 'string' && JSON_LIST.test(first)
  if (effort.values <= 0 || (bounds === undefined && !isText)) return []
  effort.values -= cells.length
  if (bounds === undefined) return cells.map((text) => jsonListOf(text).map(evidenceKeyOf))
  const lists: (readonly (string | undefined)[])[] = []
  for (let index = 0; index < bounds.length; index += 2) {
    lists.push(cells.slice(bounds[index], bounds[index + 1]).map(evidenceKeyOf))
  }
  return lists
}

function jsonListOf(text: unknown): readonly unknown[] {
  try {
    const value: unknown = typeof text === 'string' && JSON_LIST.test(text) ? JSON.parse(text) : undefined
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

/**
 * Finds the first row with `key` in one column.
 *
 * @returns the key of its value in another column; `undefined` if there is no such row
 */
export function besideOf(
  source: ReturnedRows,
  column: string,
  key: string | undefined,
  otherColumn: string,
): string | undefined {
  if (source.lists.has(column) || source.lists.has(otherColumn)) return undefined
  const index = (source.columns.get(column) ?? []).findIndex((value) => evidenceKeyOf(value) === key)
  return index < 0 ? undefined : evidenceKeyOf(source.columns.get(otherColumn)?.[index])
}
