import type { QueryShape } from '../../sql/shape/query-shape.js'

const MAX_TABLES = 1_000

/** Remembers when the tables of a scope were last written. Times are numbers of statements, which the caller counts. */
export class TableWrites {
  readonly #writtenAt = new Map<string, number>()
  /** When a statement ran whose written tables are unknown. */
  #unknownAt = -1
  /** When any table was written. */
  #anyAt = -1

  /**
   * Notes what a statement writes.
   *
   * @param at number of statements that had begun before the latest one that may see the write
   */
  note(shape: QueryShape, at: number): void {
    const { kind, writtenTables } = shape
    if (kind === 'select' && writtenTables.length === 0) return
    this.#anyAt = at
    const isKnown = kind === 'select' || kind === 'insert' || kind === 'update' || isDeletion(kind)
    // Commands such as SET search_path decide which table a name means.
    const isFull = this.#writtenAt.size >= MAX_TABLES
    if (!isKnown || writtenTables.length === 0 || isFull) this.noteUnknown(at)
    if (isFull) return
    for (const table of writtenTables) this.#writtenAt.set(nameOf(table), at)
  }

  /** Notes that any table may have been written: by a function, or by a transaction that has ended. */
  noteUnknown(at: number): void {
    this.#unknownAt = at
  }

  /** Whether any table has been written since: triggers and cascades may have changed others as well. */
  hasAnySince(since: number): boolean {
    return this.#anyAt >= since || this.#unknownAt >= since
  }

  /** Whether a table of a statement may have been written since. */
  hasSince(shape: QueryShape, since: number): boolean {
    if (this.#unknownAt >= since) return true
    for (const table of shape.tables) {
      const at = this.#writtenAt.get(nameOf(table))
      if (at !== undefined && at >= since) return true
    }
    return false
  }
}

function isDeletion(kind: QueryShape['kind']): boolean {
  return kind === 'delete' || kind === 'merge'
}

/** Without schema and quotes, because only some statements write them. */
function nameOf(table: string): string {
  return table
    .slice(table.lastIndexOf('.') + 1)
    .replaceAll('"', '')
    .toLowerCase()
}
