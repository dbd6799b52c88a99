import { Keyword } from './keywords.js'

// A module's own constants are compared faster than properties of an imported object.
const { AS, BY, FROM, IDENTIFIED, PASSWORD, REPLACE, SYSTEM_TIME, USING, VALUES, VIA, WITH } = Keyword

/**
 * Follows the words behind an `IDENTIFIED` or a `SYSTEM_TIME`: `IDENTIFIED BY x REPLACE y`,
 * `IDENTIFIED WITH plugin AS x` and `FOR SYSTEM_TIME FROM a TO b`. A password needs no quotes in some systems.
 */
export class WatchedWords {
  /** Whether one of the two words was read. */
  isActive: boolean = false
  /** Whether `IDENTIFIED BY`, `WITH` or `VIA` was read, so that a password follows. */
  #isIdentifying = false
  /** The number of the token that is the password if it is a word. */
  #password = 0

  begin(): void {
    this.isActive = this.#isIdentifying = false
    this.#password = 0
  }

  /** Whether the word with this number is a password. */
  isPassword(token: number, keyword: number): boolean {
    if (token !== this.#password) return false
    // `BY VALUES x`, `BY PASSWORD x`
    if (keyword === VALUES || keyword === PASSWORD) this.#password++
    return true
  }

  /**
   * Follows a keyword.
   *
   * @param token its number
   * @returns whether it is the `FROM` behind `SYSTEM_TIME`, which names no table
   */
  follow(token: number, keyword: number, previousKeyword: number): boolean {
    if (previousKeyword === IDENTIFIED) {
      this.#isIdentifying = keyword === BY || keyword === WITH || keyword === VIA
      if (keyword === BY) this.#password = token + 1
    } else if (previousKeyword === SYSTEM_TIME && keyword === FROM) {
      return true
    } else if (
      this.#isIdentifying &&
      (keyword === BY || keyword === AS || keyword === USING || keyword === REPLACE)
    ) {
      this.#password = token + 1
    }
    return false
  }
}
