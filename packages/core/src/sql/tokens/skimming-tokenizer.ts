import { CharacterCode, lowerCase, skipDigits } from './characters.js'
import {
  PUNCTUATION_LANE,
  type TokenHash,
  WORD_PRIME_A,
  WORD_PRIME_B,
  WORD_SEED_A,
  WORD_SEED_B,
} from './token-hash.js'
import { TokenKind } from './token-kind.js'
import { Tokenizer } from './tokenizer.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { Dot, QuotedIdentifier } = TokenKind
const { CLOSE_PARENTHESIS, COMMA, DOLLAR, DOT, DOUBLE_QUOTE, OPEN_PARENTHESIS, QUESTION_MARK, SPACE } =
  CharacterCode

/** Reads on over what query builders write most of, names and lists of parameters, without a token for each. */
export class SkimmingTokenizer extends Tokenizer {
  /**
   * Reads on over quoted identifiers and dots, which is most of what a query builder writes, and appends them
   * to a hash just as one by one; stops in front of anything else. Only where `"x"` is an identifier.
   */
  skimNames(hash: TokenHash): void {
    const { sql } = this
    const { quotesKeepCase } = this.rules
    let position = this.end
    let { end, kind } = this
    for (;;) {
      let code = sql.charCodeAt(position)
      while (code === SPACE) code = sql.charCodeAt(++position)
      if (code === DOUBLE_QUOTE) {
        let a = WORD_SEED_A
        let b = WORD_SEED_B
        for (code = sql.charCodeAt(++position); code !== DOUBLE_QUOTE; code = sql.charCodeAt(++position)) {
          if (position >= sql.length) break
          if (!quotesKeepCase) code = lowerCase(code)
          a = Math.imul(a ^ code, WORD_PRIME_A)
          b = Math.imul(b ^ code, WORD_PRIME_B)
        }
        if (code !== DOUBLE_QUOTE || sql.charCodeAt(position + 1) === DOUBLE_QUOTE) break
        hash.add(a, b)
        kind = QuotedIdentifier
      } else if (code === DOT && kind === QuotedIdentifier && sql.charCodeAt(position + 1) === DOUBLE_QUOTE) {
        hash.add(PUNCTUATION_LANE, Dot)
        kind = Dot
      } else break
      end = ++position
    }
    this.end = end
    this.kind = kind
  }

  /** Reads on over `, $2, $3` behind a parameter of a list, and stops in front of its last comma or its end. */
  skimParameters(): void {
    let position = this.#endOfFurtherParameter(this.end)
    while (position > 0) {
      const following = this.sql.charCodeAt(this.#skipSpace(position))
      // What has a cast, say, is not a parameter alone.
      if (following !== COMMA && following !== CLOSE_PARENTHESIS) return
      this.end = position
      position = this.#endOfFurtherParameter(position)
    }
  }

  /** Reads on over `, ($3, $4), ($5, $6)` behind a row of so many parameters and nothing else. */
  skimRows(parameters: number): void {
    const { sql } = this
    for (;;) {
      let position = this.#skipSpace(this.end)
      if (sql.charCodeAt(position) !== COMMA) return
      position = this.#skipSpace(position + 1)
      if (sql.charCodeAt(position) !== OPEN_PARENTHESIS) return
      position = this.#endOfParameter(this.#skipSpace(position + 1))
      for (let count = 1; count < parameters && position > 0; count++) {
        position = this.#endOfFurtherParameter(position)
      }
      if (position < 0) return
      position = this.#skipSpace(position)
      if (sql.charCodeAt(position) !== CLOSE_PARENTHESIS) return
      this.end = position + 1
    }
  }

  /** @returns the offset behind a comma and a parameter, or -1 where there are none */
  #endOfFurtherParameter(position: number): number {
    position = this.#skipSpace(position)
    return this.sql.charCodeAt(position) === COMMA ? this.#endOfParameter(this.#skipSpace(position + 1)) : -1
  }

  #endOfParameter(position: number): number {
    const { sql } = this
    const code = sql.charCodeAt(position)
    if (code === QUESTION_MARK && this.rules.questionMarks) return position + 1
    if (code !== DOLLAR || !this.rules.dollarParameters) return -1
    const end = skipDigits(sql, position + 1)
    return end > position + 1 ? end : -1
  }

  #skipSpace(position: number): number {
    while (this.sql.charCodeAt(position) <= SPACE) position++
    return position
  }
}
