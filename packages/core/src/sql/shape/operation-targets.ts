/** By OpenTelemetry's conventions. */
const MAX_LENGTH = 255

/** More tables than any statement joins; looking for one of them takes time in proportion. */
const MAX_TABLES = 200

interface Remembered {
  readonly text: string
  readonly tables: readonly string[]
  readonly writtenTables: readonly string[]
  readonly operations: number
}

/** A place to go back to. */
export interface TargetMark {
  length: number
  operations: number
  isFull: boolean
}

/** A statement's operations and their targets, gathered in the order of the text. */
export class OperationTargets {
  /** Operations and targets, at most 255 characters. */
  text: string = ''
  /** Without CTEs and functions. */
  tables: string[] = []
  writtenTables: string[] = []
  #isFull = false
  #operations = 0
  #operation = ''
  #remembered: Remembered | undefined = undefined

  /** Forgets all. */
  reset(): void {
    this.text = ''
    this.tables = []
    this.writtenTables = []
    this.#isFull = false
    this.#operations = 0
    this.#operation = ''
    this.#remembered = undefined
  }

  /** Remembers what was gathered so far. */
  remember(): void {
    const { text, tables, writtenTables } = this
    const operations = this.#operations
    this.#remembered = { text, tables: [...tables], writtenTables: [...writtenTables], operations }
  }

  /** Forgets what was gathered since {@link remember}. */
  goBack(): void {
    if (this.#remembered === undefined) return
    const { text, tables, writtenTables, operations } = this.#remembered
    this.text = text
    this.tables = [...tables]
    this.writtenTables = [...writtenTables]
    this.#operations = operations
  }

  /** Marks this place, in the order of the text. */
  mark(mark: TargetMark): void {
    mark.length = this.text.length
    mark.operations = this.#operations
    mark.isFull = this.#isFull
  }

  /** Forgets the operations since a mark, whose tables have been there before it. */
  rewind(mark: TargetMark): void {
    this.text = this.text.slice(0, mark.length)
    this.#operations = mark.operations
    this.#isFull = mark.isFull
  }

  /** Whether there is any. */
  get hasOperation(): boolean {
    return this.#operations > 0
  }

  /** The only operation, as it was written; `undefined` where there are several, or none. */
  get operation(): string | undefined {
    return this.#operations === 1 ? this.#operation : undefined
  }

  addOperation(written: string): void {
    if (this.#operations++ === 0) this.#operation = written.slice(0, MAX_LENGTH).toWellFormed()
    this.addName(written)
  }

  /** Adds a target that is no table, or the name of one. */
  addName(name: string): void {
    const length = this.text.length + name.length + (this.text === '' ? 0 : 1)
    this.#isFull ||= length > MAX_LENGTH
    if (!this.#isFull) this.text += this.text === '' ? name : ` ${name}`
  }

  addTable(name: string, isWritten: boolean): void {
    if (this.tables.length < MAX_TABLES && !this.tables.includes(name)) this.tables.push(name)
    if (isWritten) this.#addWritten(name)
  }

  /** All tables so far are written to, too. */
  writeAll(): void {
    this.writtenTables = [...this.tables]
  }

  /** What was taken for a written table is an alias of one that has been added since. */
  resolveAlias(alias: string, table: string): void {
    if (alias === table) return
    const at = this.text.lastIndexOf(` ${alias} `)
    if (at >= 0) this.text = this.text.slice(0, at) + this.text.slice(at + alias.length + 1)
    this.tables = this.tables.filter((name) => name !== alias)
    this.writtenTables = this.writtenTables.filter((name) => name !== alias)
    this.#addWritten(table)
  }

  #addWritten(name: string): void {
    if (this.writtenTables.length < MAX_TABLES && !this.writtenTables.includes(name)) {
      this.writtenTables.push(name)
    }
  }
}
