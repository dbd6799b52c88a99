import type { LexicalRules } from '../tokens/dialect.js'
import { displayName, mayBeUpperCase } from './name.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Dot, Operator, QuotedIdentifier, Word } = TokenKind

/** Joins the tokens of a possibly qualified name. Comments between the tokens are no part of the name. */
export class NameReader {
  /** Whether a name has begun and not ended. */
  isOpen: boolean = false
  #written = ''
  #isAfterDot = false

  /** Begins a name with the text of its first token. */
  begin(written: string): void {
    this.isOpen = true
    this.#written = written
    this.#isAfterDot = false
  }

  /** @returns whether the token is another part of the name, or the dot in front of one */
  takes(token: TokenReader, sql: string): boolean {
    const { kind, start, end } = token
    const isDot = kind === Dot || (kind === Operator && sql.startsWith('..', start))
    // The `null` of `db..null` is a literal.
    const isPart = kind === QuotedIdentifier || (kind === Word && !token.isLiteral)
    if (!isDot && !(this.#isAfterDot && isPart)) return false
    this.#written += sql.slice(start, end)
    this.#isAfterDot = isDot
    return true
  }

  /** Whether the name ends in a dot so far. */
  get isIncomplete(): boolean {
    return this.#isAfterDot
  }

  /** Ends the name. @returns it for display; the part in front of the dot for `t.*` */
  end(): string {
    this.isOpen = false
    return displayName(this.#isAfterDot ? this.#written.replace(/\.+$/, '') : this.#written)
  }

  /**
   * What all spellings of the name that ended last have in common.
   *
   * @param name as {@link end} returned it
   */
  keyOf(name: string, tableCase: LexicalRules['tableCase']): string {
    if (tableCase === 'counts' || !mayBeUpperCase(name)) return name
    if (tableCase === 'ignored') return name.toLowerCase()
    return this.#written.replace(/"(?:[^"]|"")*"|[^"]+/g, (part) =>
      part.startsWith('"') ? part : part.toLowerCase(),
    )
  }
}
