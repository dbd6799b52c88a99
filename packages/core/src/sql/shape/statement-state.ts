import { CteNames } from './cte-names.js'
import { lexicalRulesOf, type LexicalRules } from '../tokens/dialect.js'
import { Keyword } from '../tokens/keywords.js'
import type { OperationTargets } from './operation-targets.js'
import { Level, QueryLevels } from './query-levels.js'
import type { StatementKind } from './statement-kind.js'
import { isCommand } from './summary-words.js'
import type { TokenReader } from '../tokens/token-reader.js'

const { FOR } = Keyword
const { IS_CTE_BODY, LISTS_OPERANDS, LISTS_SOURCES, PRECEDES_TARGET } = Level

/** What the next name of a statement is. */
export const Expect = {
  /** Not a name that the summary holds, such as a column. */
  Nothing: 0,
  /** A table that is read, or a function in its place. */
  Source: 1,
  /** A table that is written. */
  Target: 2,
  /** A table that a command neither reads nor writes, such as that of `LOCK`. */
  Table: 3,
  /** Anything else that has a name, such as a procedure. */
  Other: 4,
} as const
export type Expect = (typeof Expect)[keyof typeof Expect]

const { Nothing, Source, Table, Target } = Expect

/**
 * What is known about the current statement. All followers share one state, because a statement of one family may
 * contain one of another: `CREATE TABLE a AS SELECT`, `INSERT INTO a EXEC p`.
 */
export class StatementState {
  /** The whole text. */
  sql: string = ''
  rules: LexicalRules = lexicalRulesOf('other_sql')
  kind: StatementKind = 'unknown'
  readonly targets: OperationTargets
  readonly levels: QueryLevels = new QueryLevels()
  readonly ctes: CteNames = new CteNames()
  /** What the next name is. */
  expect: Expect = Nothing
  /** What the names behind commas are where {@link Level.LISTS_OPERANDS} holds. */
  operands: Expect = Nothing
  /** Whether the target of the latest operation has been named. */
  hasTarget: boolean = false
  /** Whether the tables behind `FROM` or `USING` may be targets again: `DELETE a FROM a JOIN b`. */
  listsTargets: boolean = false
  /** Whether the latest word is the `TOP` in front of a target. */
  isAfterTop: boolean = false
  /** Whether it belongs to an `IF …` or `WHILE …`, whose statements need no semicolons. */
  isBatch: boolean = false
  /** Whether the next command begins another statement even without a semicolon. */
  endsAtCommand: boolean = false
  /** Whether it contains `BEGIN … END`: then no semicolon ends it. */
  hasBody: boolean = false
  /** Whether semicolons in parentheses separate statements of its definition. */
  holdsStatements: boolean = false
  /** Whether it loads rows from a file. */
  isBulk: boolean = false
  /** Stands before the next operation: the `bulk` of `BULK INSERT`. */
  prefix: string = ''
  /** Whether it creates a table or a materialized view. */
  createsTable: boolean = false
  /** Whether it does so from the rows of a query. */
  createsFromQuery: boolean = false

  /** @param targets receives the operations and their targets */
  constructor(targets: OperationTargets) {
    this.targets = targets
  }

  /** Forgets the last statement. */
  reset(): void {
    this.kind = 'unknown'
    this.levels.reset()
    this.ctes.reset()
    this.expect = this.operands = Nothing
    this.hasTarget =
      this.listsTargets =
      this.isAfterTop =
      this.isBatch =
      this.endsAtCommand =
      this.hasBody =
        false
    this.createsTable = this.createsFromQuery = this.holdsStatements = this.isBulk = false
    this.prefix = ''
  }

  textOf({ start, end }: TokenReader): string {
    return this.sql.slice(start, end)
  }

  /** Begins a `WITH`. */
  beginCtes(): void {
    const { targets, rules } = this
    this.ctes.begin(rules.cteReferences, targets.tables.length, targets.text.length)
  }

  /** Expects the names of what the command works on. */
  expectOperands(operands: Expect): void {
    this.expect = this.operands = operands
    this.levels.change(0, LISTS_OPERANDS)
  }

  addComma(): void {
    if (this.levels.has(LISTS_SOURCES)) this.expect = Source
    else this.expect = this.levels.has(LISTS_OPERANDS) ? this.operands : Nothing
  }

  openParenthesis(): void {
    // A subquery or a join in parentheses is in the place of a table, and so is the query of a `COPY`.
    const isSource = this.expect === Source || (this.expect === Table && this.kind === 'copy')
    this.levels.open(isSource ? LISTS_SOURCES : this.isAfterTop ? PRECEDES_TARGET : 0)
    this.isAfterTop = false
    if (!isSource) this.expect = Nothing
  }

  openCteBody(): void {
    this.levels.open(IS_CTE_BODY)
    this.expect = Nothing
  }

  /** @returns whether the parenthesis ends the body of a CTE */
  closeParenthesis(): boolean {
    // Behind the options of `VACUUM (ANALYZE) t`.
    this.expect = this.kind === 'utility' && this.targets.tables.length === 0 ? this.operands : Nothing
    const bits = this.levels.close() ?? 0
    const { depth } = this.levels
    this.ctes.leave(depth)
    if ((bits & PRECEDES_TARGET) !== 0) this.expect = Target
    if ((bits & IS_CTE_BODY) === 0) return false
    this.ctes.endBody(depth)
    return true
  }

  /** Whether the word begins the next statement without a semicolon in front of it. */
  isEndedBy({ keyword, previousKeyword }: TokenReader): boolean {
    return this.endsAtCommand && this.levels.isOutermost && previousKeyword !== FOR && isCommand(keyword)
  }
}
