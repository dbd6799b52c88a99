/** How a system reads a piece of syntax; `unclear` if that depends on something that Querylens cannot see. */
export type Reading = 'yes' | 'no' | 'unclear'

/**
 * What a tokenizer must know about a system.
 *
 * Where a rule is `unclear` and the two readings of a text would differ, the tokenizer gives up the rest of the text:
 * a literal of one reading must not pass as an identifier of the other.
 */
export interface LexicalRules {
  /** Whether the system is none of the known ones. Its statements then have no exported text. */
  readonly isUnknown: boolean

  // Strings

  /** Whether a backslash escapes the quote after it in a plain string. */
  readonly backslashEscapes: Reading
  /** The usual setting where `backslashEscapes` is `unclear`; a fingerprint may rely on it, a text may not. */
  readonly likelyBackslashEscapes: boolean | undefined
  /** Strings `$tag$ … $tag$`. */
  readonly dollarQuotes: Reading
  /** Strings `E'…'` with escapes, strings that continue after a line break, identifiers `U&"…"`. */
  readonly postgresStrings: boolean
  /** Strings `_utf8mb4'…'`. */
  readonly charsetIntroducers: boolean
  /** Whether strings next to each other are one string. */
  readonly adjacentStrings: boolean

  // Names

  /** Whether `"x"` is an identifier; otherwise it is a string. */
  readonly doubleQuotedIdentifiers: Reading
  /** Identifiers `` `x` ``. */
  readonly backtickIdentifiers: Reading
  /** Identifiers `[x]`. */
  readonly bracketIdentifiers: Reading
  /** Whether `]]` is a `]` inside brackets. */
  readonly doubledBrackets: boolean
  /** Whether letter case counts in a quoted identifier. */
  readonly quotesKeepCase: boolean
  /** The characters of an unquoted identifier besides letters, digits and `_`. */
  readonly wordCharacters: string
  /** Whether white space beyond ASCII, such as a no-break space, separates tokens; otherwise identifiers may hold it. */
  readonly unicodeSpaces: boolean

  // Comments

  /** Whether `/*` in a comment opens another comment. */
  readonly nestedComments: Reading
  /** Whether `#` begins a comment. */
  readonly hashComments: Reading
  /** Whether `--` begins a comment only before white space. */
  readonly dashesNeedSpace: Reading
  /** Whether a carriage return without a newline ends a comment. */
  readonly returnEndsComment: Reading
  /** Whether the system runs the text of a comment that begins with `/*!`. */
  readonly executableComments: boolean

  // Parameters

  /** Whether `$1` is a parameter; otherwise it is an amount of money. */
  readonly dollarParameters: boolean
  /** Whether `$name` is a parameter. */
  readonly dollarNames: boolean
  /** Whether a named parameter may continue with `::name` and a text in parentheses, as in Tcl: `$a::b(')`. */
  readonly tclParameters: Reading
  /** Whether `?` is a parameter; otherwise it is an operator, unless an operand must follow. */
  readonly questionMarks: boolean
  /** Whether `@name` is a parameter or variable; otherwise `@` is an operator. */
  readonly atNames: boolean

  // Statements

  /** Whether `INTERVAL`, `DIV` and `MOD` are reserved, and a sign after them belongs to the operand. */
  readonly operatorWords: boolean
  /** Whether `@name` may stand for a table. */
  readonly tableVariables: boolean
  /** What a CTE may refer to without `RECURSIVE`, besides the CTEs before it. With `RECURSIVE` it may refer to all. */
  readonly cteReferences: 'none' | 'itself' | 'all'
  /** Where letter case counts in the name of a table: `quoted` means in quotes only. */
  readonly tableCase: 'counts' | 'quoted' | 'ignored'
  /** Whether `DELETE HISTORY` is a command. */
  readonly deletesHistory: boolean
  /** Whether a write to a CTE writes to the table below it. */
  readonly writableCtes: boolean
  /** Whether statements need no semicolon between them, and procedures take unquoted words as strings. */
  readonly batches: boolean
  /** Whether `PRAGMA`, `ATTACH` and `VACUUM` take quoted names as strings. */
  readonly quotedSettings: boolean
}
