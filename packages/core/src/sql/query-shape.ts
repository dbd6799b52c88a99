import { createHash } from 'node:crypto'

/** What stays the same when the values of a query change. */
export interface QueryShape {
  /** Hash of `text`: `q1:` and 16 hexadecimal digits. */
  readonly fingerprint: string
  /** The statement with its white space normalised. May hold literals: never leaves the process. */
  readonly text: string
  /** The statement as it may leave the process, or `undefined` where it holds literals. */
  readonly sanitizedText: string | undefined
  /** A name of low cardinality for the statement, such as `select orders`; empty for an empty statement. */
  readonly summary: string
  /** The command, such as `select`, as it was written; `undefined` where there is none. */
  readonly operation: string | undefined
}

const LITERAL = /'|\$\$|\$[a-z_]\w*\$|(?<![\w$"])\d/i
const COMMAND = /^[a-z]+/i
const TARGET =
  /\b(?:from|into|update|join|table)\s+((?:"[^"]+"|`[^`]+`|[\w$]+)(?:\.(?:"[^"]+"|`[^`]+`|[\w$]+))*)/i

/** Reads the shape of one SQL statement. Never throws: whatever is sent to a database has a shape. */
export function analyzeQuery(sql: string): QueryShape {
  const text = sql.replace(/\s+/g, ' ').trim()
  const sanitizedText = LITERAL.test(text) ? undefined : text
  const operation = COMMAND.exec(text)?.[0]
  // A keyword inside a literal must not make a "target" of the value that follows it.
  const target = sanitizedText === undefined ? undefined : TARGET.exec(text)?.[1]?.replace(/["`]/g, '')
  return {
    fingerprint: `q1:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
    text,
    sanitizedText,
    summary: target === undefined ? (operation ?? '') : `${operation ?? ''} ${target}`.trim().slice(0, 255),
    operation,
  }
}
