import { CharacterCode, skipDigits } from './characters.js'
import { Tokenizer } from './tokenizer.js'

const { CLOSE_PARENTHESIS, COMMA, DOLLAR, OPEN_PARENTHESIS, QUESTION_MARK, SPACE } = CharacterCode

/**
 * A tokenizer that can skip parameters and rows that only repeat the one before.
 *
 * A bulk insert consists of them. Skipping reads no token, so it costs a fraction of reading.
 */
export class RepeatedParametersTokenizer extends Tokenizer {
  /**
   * Skips `, $2, $3` after a parameter of a list.
   *
   * Stops before the first element that is more than a parameter, or before the list's closing parenthesis.
   */
  skipParameters(): void {
    let position = this.#endOfFurtherParameter(this.end)
    while (position > 0) {
      const following = this.sql.charCodeAt(this.#skipSpace(position))
      // A cast or an operator makes the element more than a parameter.
      if (following !== COMMA && following !== CLOSE_PARENTHESIS) return
      this.end = position
      position = this.#endOfFurtherParameter(position)
    }
  }

  /**
   * Skips `, ($3, $4), ($5, $6)` after a row that holds nothing but parameters.
   *
   * @param parameters how many parameters the row holds; rows with another number are not skipped
   */
  skipRows(parameters: number): void {
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

  /** @returns the offset after a comma and a parameter, or -1 if they do not follow */
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
