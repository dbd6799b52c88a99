import { Keyword, WordFact } from '../tokens/keywords.js'
import { matchesAt } from './lookahead.js'
import { NameReader } from './name-reader.js'
import { Expect, type StatementState } from './statement-state.js'
import { SKIPPED } from './summary-words.js'
import { TargetAliases } from './target-aliases.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { Comma, End, OpenParenthesis, QuotedIdentifier, Word } = TokenKind
const { DELETE, FROM, INTO, UPDATE } = Keyword
const { Operand, Reserved } = WordFact
const { Nothing, Other, Source, Target } = Expect

/** Hints of T-SQL, which need no `WITH`: `FROM t (NOLOCK)`. */
const HINT_FOLLOWS =
  /\(\s*(?:(?:nolock|readuncommitted|updlock|rowlock|holdlock|readpast|readcommitted(?:lock)?|tablockx?|paglock|xlock|serializable|repeatableread|snapshot|nowait|noexpand|forceseek|forcescan|keepidentity|keepdefaults|ignore_constraints|ignore_triggers)\s*[,)]|index\s*[=(])/iy
const FROM_FOLLOWS = /\s+from\b/iy

/** `table`: a part of a table's name; `name`: a part of anything else in the summary; `undefined`: neither. */
export type NameRole = 'table' | 'name' | undefined

/** Reads the names that a follower expects and adds them to the targets of the latest operation. */
export class TargetNames {
  /** What the latest token is. */
  role: NameRole = undefined
  /** Whether the next token may belong to a name, or be the alias of one. */
  isOpen: boolean = false
  readonly #state: StatementState
  readonly #name = new NameReader()
  readonly #aliases = new TargetAliases()
  /** What the current name is. */
  #expected: Expect = Nothing
  /** Whether it is a function without parentheses, such as `current_date`. */
  #isFunction = false

  constructor(state: StatementState) {
    this.#state = state
  }

  /** Forgets the last statement. */
  reset(): void {
    this.#name.isOpen = this.isOpen = false
    this.#aliases.reset()
  }

  /** Adds the words of an operation, such as `create index`. */
  addOperation(written: string): void {
    this.role = 'name'
    this.#state.targets.addOperation(written)
  }

  /** Begins the expected name with a word, unless the word only precedes the name: `INSERT IGNORE t`. */
  addWord(token: TokenReader): void {
    const state = this.#state
    if (state.expect !== Source) {
      const word = state.textOf(token).toLowerCase()
      state.isAfterTop = word === 'top'
      if (SKIPPED.has(word) && !this.#isDirectTarget(token)) return
      const isHistory = word === 'history' && state.rules.deletesHistory && token.previousKeyword === DELETE
      if (isHistory && matchesAt(FROM_FOLLOWS, state.sql, token.end)) return
    }
    this.begin(token)
  }

  /** Whether PostgreSQL has no options where the word stands: `INSERT INTO local`, `DELETE FROM temp`. */
  #isDirectTarget({ previousKeyword }: TokenReader): boolean {
    const { rules, kind } = this.#state
    if (!rules.postgresStrings) return false
    return (
      previousKeyword === UPDATE ||
      previousKeyword === FROM ||
      (previousKeyword === INTO && kind === 'insert')
    )
  }

  /** Adds a token other than a word. Only a quoted name can be the expected one. */
  addOther(token: TokenReader): void {
    const state = this.#state
    if (token.kind !== QuotedIdentifier) state.expect = Nothing
    else if (state.expect !== Nothing) this.begin(token)
  }

  /** Begins the expected name. */
  begin(token: TokenReader): void {
    const state = this.#state
    const { expect } = state
    state.expect = Nothing
    // A token in double quotes may be a string. It counts as a name only where a string cannot be.
    if (token.isDoubtfulName && (expect === Other || token.previousKind === Comma)) return
    this.#name.begin(state.textOf(token))
    this.isOpen = true
    this.#expected = expect
    this.#isFunction = token.has(Operand) && token.has(Reserved) && state.rules.postgresStrings
    this.#mark()
  }

  /** @returns whether the token belongs to the current name */
  follow(token: TokenReader): boolean {
    const { sql } = this.#state
    if (this.#name.isOpen) {
      if (this.#name.takes(token, sql)) {
        if (token.kind === Word || token.kind === QuotedIdentifier) this.#mark()
        return true
      }
      this.#end(token)
    }
    if (this.#aliases.isWaiting) this.#followAlias(token)
    this.isOpen = this.#aliases.isWaiting
    return false
  }

  #mark(): void {
    this.role = this.#expected === Other ? 'name' : 'table'
  }

  /** @param next the token behind the name, which distinguishes a function from a table */
  #end(next: TokenReader): void {
    const { isIncomplete } = this.#name
    const name = this.#name.end()
    const expected = this.#expected
    const state = this.#state
    const { ctes, targets } = state
    // Where the text is cut, the name may be that of a schema.
    if (next.kind === End && isIncomplete) return
    if (expected === Target) state.hasTarget = true
    // `SELECT … INTO OUTFILE '…'`, `ROWS FROM (…)`
    if (expected !== Other && next.isConstant) return
    if (next.keyword === FROM && /^rows$/i.test(name)) return
    if (expected === Source) {
      if (ctes.has(name)) return
      if (this.#isFunction || (next.kind === OpenParenthesis && !this.#isHint(next)))
        return targets.addName(name)
    } else if (expected === Target && state.rules.writableCtes && ctes.has(name)) {
      targets.writeAll()
      return
    }
    if (!this.#isListedAgain(name)) targets.addName(name)
    if (expected === Other) return
    targets.addTable(name, expected === Target, this.#name.keyOf(name, state.rules.tableCase))
    const { depth } = state.levels
    if (expected === Source) this.#aliases.addSource(name, depth)
    else if (state.kind === 'update' || state.kind === 'delete') this.#aliases.addTarget(name, depth)
  }

  /** @param next the parenthesis behind a name */
  #isHint({ start }: TokenReader): boolean {
    const { rules, sql } = this.#state
    return rules.batches && matchesAt(HINT_FOLLOWS, sql, start)
  }

  /** Whether the name was a target already: `DELETE a FROM a JOIN b`. In PostgreSQL such a table is joined to itself. */
  #isListedAgain(name: string): boolean {
    const { levels, listsTargets, rules } = this.#state
    if (!listsTargets || this.#expected !== Source || rules.postgresStrings) return false
    return this.#aliases.isTarget(name, levels.depth)
  }

  /** Replaces a target by its table if the token shows that the target is an alias. */
  #followAlias(token: TokenReader): void {
    const [alias, table] = this.#aliases.follow(token, this.#state.sql) ?? []
    if (alias !== undefined && table !== undefined) this.#state.targets.resolveAlias(alias, table)
  }
}
