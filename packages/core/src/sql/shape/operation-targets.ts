import type { LaterCte } from './cte-names.js'

/** OpenTelemetry's limit for the length of a summary. */
const MAX_LENGTH = 255

/** Searching takes time in proportion, and no statement joins more tables. */
const MAX_TABLES = 200

interface Remembered {
  readonly text: string
  readonly tables: readonly string[]
  readonly writtenTables: readonly string[]
  readonly operations: number
}

/** A place that {@link OperationTargets.rewind} returns to. */
export interface TargetMark {
  length: number
  operations: number
  isFull: boolean
}

/** Collects the operations and targets of a text in its order. */
export class OperationTargets {
  /** Operations and targets, at most 255 characters. */
  text: string = ''
  /** Tables and views, without CTEs and functions. */
  tables: string[] = []
  /** Those that the text writes to, or whose definition it changes. */
  writtenTables: string[] = []
  #isFull = false
  #operations = 0
  #operation = ''
  #remembered: Remembered | undefined = undefined
  /** The first spellings of tables by their keys, where the two differ. */
  #spellings: Map<string, string> | undefined = undefined

  /** Forgets the last text. */
  reset(): void {
    this.text = ''
    this.tables = []
    this.writtenTables = []
    this.#isFull = false
    this.#operations = 0
    this.#operation = ''
    this.#remembered = this.#spellings = undefined
  }

  /** Remembers what was collected so far. */
  remember(): void {
    const { text, tables, writtenTables } = this
    const operations = this.#operations
    this.#remembered = { text, tables: [...tables], writtenTables: [...writtenTables], operations }
  }

  /** Forgets what was collected since {@link remember}. */
  goBack(): void {
    if (this.#remembered === undefined) return
    const { text, tables, writtenTables, operations } = this.#remembered
    this.text = text
    this.tables = [...tables]
    this.writtenTables = [...writtenTables]
    this.#operations = operations
  }

  /** Writes the current place to `mark`. */
  mark(mark: TargetMark): void {
    mark.length = this.text.length
    mark.operations = this.#operations
    mark.isFull = this.#isFull
  }

  /** Forgets the text and the operations since `mark`. It keeps the tables: all of them precede `mark` as well. */
  rewind(mark: TargetMark): void {
    this.text = this.text.slice(0, mark.length)
    this.#operations = mark.operations
    this.#isFull = mark.isFull
  }

  /** Whether the text contains an operation so far. */
  get hasOperation(): boolean {
    return this.#operations > 0
  }

  /** The only operation as written; `undefined` if there are several or none. */
  get operation(): string | undefined {
    return this.#operations === 1 ? this.#operation : undefined
  }

  /** Adds an operation as written. */
  addOperation(written: string): void {
    if (this.#operations++ === 0) this.#operation = written.slice(0, MAX_LENGTH).toWellFormed()
    this.addName(written)
  }

  /** Adds the name of a target to the text. */
  addName(name: string): void {
    const length = this.text.length + name.length + (this.text === '' ? 0 : 1)
    this.#isFull ||= length > MAX_LENGTH
    if (!this.#isFull) this.text += this.text === '' ? name : ` ${name}`
  }

  /**
   * Adds a table. {@link addName} adds its name to the text.
   *
   * @param key is equal for all spellings of the name; the first spelling counts
   */
  addTable(written: string, isWritten: boolean, key: string = written): void {
    const name = key === written && this.#spellings === undefined ? written : this.#spellingOf(written, key)
    if (this.tables.length < MAX_TABLES && !this.tables.includes(name)) this.tables.push(name)
    if (isWritten) this.#addWritten(name)
  }

  /** Removes a table that was named before it turned out to be a CTE. */
  forgetTable({ name, tables, length }: LaterCte): void {
    const isCte = (word: string): boolean => word.toLowerCase() === name
    this.tables = this.tables.filter((table, index) => index < tables || !isCte(table))
    const words = this.text.slice(length).split(' ')
    this.text = this.text.slice(0, length) + words.filter((word) => !isCte(word)).join(' ')
  }

  /** Adds all tables so far to those that are written. */
  writeAll(): void {
    this.writtenTables = [...this.tables]
  }

  /** Replaces a written table, which turned out to be an alias, by the table that it is the alias of. */
  resolveAlias(alias: string, table: string): void {
    if (alias === table) return
    const at = this.text.lastIndexOf(` ${alias} `)
    if (at >= 0) this.text = this.text.slice(0, at) + this.text.slice(at + alias.length + 1)
    this.tables = this.tables.filter((name) => name !== alias)
    this.writtenTables = this.writtenTables.filter((name) => name !== alias)
    this.#addWritten(table)
  }

  #spellingOf(written: string, key: string): string {
    const known = this.#spellings?.get(key)
    if (known !== undefined) return known
    if (key === written || this.tables.includes(key)) return key
    this.#spellings ??= new Map()
    this.#spellings.set(key, written)
    return written
  }

  #addWritten(name: string): void {
    if (this.writtenTables.length < MAX_TABLES && !this.writtenTables.includes(name)) {
      this.writtenTables.push(name)
    }
  }
}
