import { displayName } from './name.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Dot, Operator, QuotedIdentifier, Word } = TokenKind

/** Puts a name, qualified or not, together from its tokens; comments between them are no part of it. */
export class NameReader {
  /** Whether a name is being read. */
  isOpen: boolean = false
  #written = ''
  #isAfterDot = false

  /** Begins with the first token's text. */
  begin(written: string): void {
    this.isOpen = true
    this.#written = written
    this.#isAfterDot = false
  }

  /** Whether the token is a further part of the name, or a dot between two of them. */
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

  /** Whether a part is still to come. */
  get isIncomplete(): boolean {
    return this.#isAfterDot
  }

  /** Ends the name, and gives it as it is shown; of `t.*` what stands in front of the dot. */
  end(): string {
    this.isOpen = false
    return displayName(this.#isAfterDot ? this.#written.replace(/\.+$/, '') : this.#written)
  }
}
