import type { QueryShape } from '../sql/query-shape.js'

const MAX_TABLES = 1_000

/** Remembers when the tables of a scope were last written to, in a count that the caller keeps. */
export class TableWrites {
  readonly #writtenAt = new Map<string, number>()
  /** When something was run of which nobody knows what it writes. */
  #unknownAt = -1

  /** Notes what a statement writes. */
  note(shape: QueryShape, now: number): void {
    switch (shape.kind) {
      case 'select':
      case 'transaction':
      case 'session':
        if (shape.writtenTables.length === 0) return
        break
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        break
      default:
        this.#unknownAt = now
        return
    }
    if (shape.writtenTables.length === 0 || this.#writtenAt.size > MAX_TABLES) this.#unknownAt = now
    for (const table of shape.writtenTables) this.#writtenAt.set(nameOf(table), now)
  }

  /** Whether something that a statement reads may have been written since. */
  hasSince(shape: QueryShape, since: number): boolean {
    if (this.#unknownAt >= since) return true
    for (const table of shape.tables) {
      const at = this.#writtenAt.get(nameOf(table))
      if (at !== undefined && at >= since) return true
    }
    return false
  }
}

/** Without schema and quotes, because one statement may say them and the next one not. */
function nameOf(table: string): string {
  return table
    .slice(table.lastIndexOf('.') + 1)
    .replaceAll('"', '')
    .toLowerCase()
}
