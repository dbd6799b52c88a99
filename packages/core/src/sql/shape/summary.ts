import { CteNames, CteStep } from './cte-names.js'
import { Keyword, WordFact } from '../tokens/keywords.js'
import { lexicalRulesOf, type LexicalRules } from '../tokens/dialect.js'
import { NameReader } from './name-reader.js'
import { ObjectWords } from './object-words.js'
import type { OperationTargets } from './operation-targets.js'
import { Level, QueryLevels } from './query-levels.js'
import { commandOf, type StatementKind } from './statement-kind.js'
import { EXPLAIN_OPTIONS, isCommand, KIND_OF, SETTINGS, SKIPPED } from './summary-words.js'
import { TargetAliases } from './target-aliases.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { CloseParenthesis, Comma, Dot, End, OpenParenthesis, Parameter, QuotedIdentifier, Semicolon, Word } =
  TokenKind
const {
  ALL,
  APPLY,
  AS,
  DELETE,
  DISTINCT,
  EXCEPT,
  EXEC,
  EXECUTE,
  FOR,
  FROM,
  INSERT,
  INTERSECT,
  INTO,
  JOIN,
  LATERAL,
  MERGE,
  ON,
  ONLY,
  SELECT,
  STRAIGHT_JOIN,
  TABLE,
  UNION,
  UPDATE,
  USING,
  VALUES,
  WITH,
} = Keyword
const { EndsTables, Reserved } = WordFact
const { BodyBegins, Ended, Part } = CteStep

/** What the next name would be. */
const Expect = {
  Nothing: 0,
  /** A table that is read, or a function in its place. */
  Source: 1,
  /** A table that is written. */
  Target: 2,
  /** A table that something else happens to. */
  Table: 3,
  /** Anything else that has a name. */
  Other: 4,
} as const
const { Nothing, Other, Source, Table, Target } = Expect

const { HAS_OPERATION, HAS_USING, IS_CTE_BODY, LISTS_OPERANDS, LISTS_SOURCES, PRECEDES_TARGET } = Level

/**
 * Follows a statement's operations and the tables that they work on.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query
 */
export class Summary {
  /** Whether the token that was added last is a part of a table's name. */
  isTableName: boolean = false
  /** Whether it is a part of what the summary holds. */
  isName: boolean = false
  /** Whether it stands among the arguments of a procedure. */
  isInCall: boolean = false
  /** Whether it belongs to a command that sets something up. */
  isSetting: boolean = false
  #sql = ''
  #rules: LexicalRules = lexicalRulesOf('other_sql')
  #kind: StatementKind = 'unknown'
  readonly #targets: OperationTargets
  #statements = 0
  #hasEnded = true
  #createsTable = false
  #createsFromQuery = false
  readonly #levels = new QueryLevels()
  readonly #ctes = new CteNames()
  readonly #aliases = new TargetAliases()
  #expect: number = Nothing
  #operands: number = Nothing
  #isStart = true
  /** Between a `JOIN` and its condition. */
  #isJoinOpen = false
  /** What follows is not run now: until the statement's end, or until the text's. */
  #isOpaque = false
  #mayHaveBody = false
  #hasBody = false
  /** Whether the object that is created is `ON` a table. */
  #namesTable = false
  /** `IF …`, `WHILE …`: a batch of statements with no more than white space between them. */
  #isBatch = false
  #isAfterTop = false
  /** Whether the target of the latest operation has been named. */
  #hasTarget = false
  /** Whether the statement may be followed by another one without a semicolon. */
  #isFollowed = false
  readonly #object = new ObjectWords()
  readonly #name = new NameReader()
  /** What the name is that is being read. */
  #nameExpect: number = Nothing
  #rememberedKind: StatementKind = 'unknown'
  #rememberedStatements = 0
  /** Whether only keywords and punctuation matter at this place. */
  #isIdle = false

  /** @param targets in which operations and their targets are gathered */
  constructor(targets: OperationTargets) {
    this.#targets = targets
  }

  /** Begins a text. */
  begin(sql: string, rules: LexicalRules): void {
    this.#targets.reset()
    this.isTableName = false
    this.#sql = sql
    this.#rules = rules
    this.#kind = 'unknown'
    this.#statements = 0
    this.#name.isOpen = false
    this.#isIdle = false
    this.#reset()
    this.#hasEnded = true
  }

  /** Lets go of the text. */
  release(): void {
    this.#sql = ''
  }

  /** What the statement that is being read does. */
  get statementKind(): StatementKind {
    return this.#kind
  }

  /** What all of it does. */
  get kind(): StatementKind {
    return this.#statements > 1 ? 'several' : this.#kind
  }

  /** The only operation, as it was written; `undefined` where there are several, or none. */
  get operation(): string | undefined {
    return this.#targets.operation
  }

  /** Operations and their targets in the order of the text, at most 255 characters. */
  get text(): string {
    return this.#targets.text
  }

  /** Without CTEs and functions. */
  get tables(): readonly string[] {
    return this.#targets.tables
  }

  get writtenTables(): readonly string[] {
    return this.#targets.writtenTables
  }

  /** Whether PostgreSQL's EXPLAIN gives a plan for it. @see https://www.postgresql.org/docs/current/sql-explain.html */
  get isExplainable(): boolean {
    switch (this.kind) {
      case 'select':
      case 'insert':
      case 'update':
      case 'delete':
      case 'merge':
        return true
      default:
        return this.kind === 'schema' && this.#createsFromQuery
    }
  }

  /** Remembers what was read so far. */
  remember(): void {
    this.#targets.remember()
    this.#rememberedKind = this.#kind
    this.#rememberedStatements = this.#statements
  }

  /** Forgets what was read since {@link remember}; nothing but the end may follow. */
  goBack(): void {
    this.#targets.goBack()
    this.#kind = this.#rememberedKind
    this.#statements = this.#rememberedStatements
    this.#name.isOpen = false
    this.#aliases.reset()
  }

  /** Follows one more token, and after the last one the end. */
  add(token: TokenReader): void {
    this.isTableName = this.isName = false
    const { kind } = token
    if (this.#isIdle) {
      if (kind === Word) {
        if (token.keyword === 0 && !token.has(EndsTables)) return
      } else if (kind < Comma || kind === Dot) return
    }
    this.#follow(token)
    this.#isIdle =
      this.#expect === Nothing &&
      !this.#name.isOpen &&
      !this.#aliases.isWaiting &&
      !this.#isStart &&
      !this.#hasEnded &&
      !this.#object.isOpen &&
      !this.isInCall &&
      !this.isSetting &&
      this.#kind !== 'session' &&
      this.#mayHaveBody === this.#hasBody &&
      this.#ctes.isIdle
  }

  #follow(token: TokenReader): void {
    if (this.#name.isOpen && this.#continueName(token)) return
    if (this.#aliases.isWaiting) this.#followAlias(token)
    const { kind } = token
    switch (this.#ctes.follow(token, this.#sql, this.#levels.depth)) {
      case Part:
        return
      case BodyBegins:
        this.#levels.open(IS_CTE_BODY)
        this.#expect = Nothing
        return
      case Ended:
        this.#isStart = true
    }
    if (token.isConstant) {
      if (this.#object.isOpen) this.#endObject()
      // `EXEC @result = p`
      if (!this.isInCall || this.isName || kind !== Parameter) this.#expect = Nothing
      return
    }
    switch (kind) {
      case Word:
        if (this.#hasEnded) this.#beginStatement()
        if (this.#isStart) this.#addFirstWord(token)
        else if (this.#object.isOpen) this.#addObjectWord(token)
        else if (this.#isOpaque) this.#addOpaqueWord(token)
        else this.#addWord(token)
        return
      case QuotedIdentifier:
        if (this.#object.isOpen) this.#endObject()
        if (this.#expect !== Nothing) this.#beginName(token)
        return
      case Comma:
        this.#expect = this.#afterComma()
        return
      case OpenParenthesis: {
        if (this.#hasEnded) this.#beginStatement()
        // In the place of a table: a subquery, or a join in parentheses.
        const isSource = this.#expect === Source
        this.#levels.open(isSource ? LISTS_SOURCES : this.#isAfterTop ? PRECEDES_TARGET : 0)
        this.#isAfterTop = false
        if (!isSource) this.#expect = Nothing
        return
      }
      case CloseParenthesis:
        // Behind the options of `VACUUM (ANALYZE) t`.
        this.#expect = this.#kind === 'utility' && this.tables.length === 0 ? this.#operands : Nothing
        this.#closeLevel(this.#levels.close() ?? 0)
        return
      case Semicolon:
        this.#hasEnded ||= !this.#hasBody
        return
      default:
        if (!this.isInCall || !this.#isEquals(token)) this.#expect = Nothing
    }
  }

  #isEquals({ start, end }: TokenReader): boolean {
    return end === start + 1 && this.#sql[start] === '='
  }

  #closeLevel(bits: number): void {
    const depth = this.#levels.depth
    this.#ctes.leave(depth)
    if ((bits & IS_CTE_BODY) !== 0) {
      this.#ctes.endBody(depth)
      // Whatever began in the body, names of further ones are no arguments of it.
      this.isInCall = false
    }
    if ((bits & PRECEDES_TARGET) !== 0) this.#expect = Target
  }

  #beginStatement(): void {
    this.#statements++
    this.#kind = 'unknown'
    this.#reset()
  }

  #reset(): void {
    this.#hasEnded = false
    this.#createsTable = this.#createsFromQuery = false
    this.#levels.reset()
    this.#ctes.reset()
    this.#aliases.reset()
    this.#object.reset()
    this.#expect = this.#operands = Nothing
    this.#isStart = true
    this.#isJoinOpen = this.#isOpaque = this.#hasBody = this.#mayHaveBody = this.#namesTable = false
    this.#isBatch = this.#isAfterTop = this.#hasTarget = this.#isFollowed = false
    this.isInCall = this.isSetting = false
  }

  #addFirstWord(token: TokenReader): void {
    const { keyword } = token
    this.#isStart = false
    const kind = KIND_OF.get(keyword)
    if (kind !== undefined) return this.#addOperation(token, kind)
    if (keyword === WITH) return this.#ctes.begin()
    const written = this.#textOf(token)
    const word = written.toLowerCase()
    const { batches, quotedSettings } = this.#rules
    const command = commandOf(word)
    if (command === undefined && batches) return this.#beginCall(token)
    this.isSetting = quotedSettings && SETTINGS.has(word)
    if (this.#kind === 'explain' && (command === undefined || EXPLAIN_OPTIONS.has(word))) {
      this.#isStart = true
      return
    }
    if (this.#kind === 'unknown') this.#kind = command?.kind ?? 'unknown'
    switch (command?.syntax) {
      case 'object':
        this.#object.begin(written)
        this.#isOpaque = true
        return
      case 'condition':
        this.#isBatch = true
        return
      case 'statement':
        this.#isStart = command.kind === 'explain'
        break
      case 'targets':
        this.#expectOperands(Target)
        break
      case 'tables':
        this.#expectOperands(Table)
        break
      case 'name':
        this.#expect = Other
        this.isInCall = batches
        break
      default:
        this.#isOpaque = true
    }
    this.#isFollowed = batches && command?.kind !== 'schema'
    if (this.isSetting) {
      this.#isOpaque = true
      this.#expect = Nothing
      this.#levels.change(LISTS_OPERANDS, 0)
    }
    this.#pushOperation(written)
  }

  /** `EXEC` may be left out where it would be the first word. */
  #beginCall(token: TokenReader): void {
    if (this.#kind === 'unknown') this.#kind = 'call'
    this.isInCall = true
    this.#expect = Other
    this.#beginName(token)
  }

  #addWord(token: TokenReader): void {
    if (this.isInCall) return this.#addCallWord(token)
    switch (token.keyword) {
      case 0:
        if (token.has(EndsTables)) break
        if (this.#expect !== Nothing) this.#addName(token)
        return
      case SELECT:
        return this.#addOperation(token, 'select')
      case VALUES:
      case INSERT:
      case UPDATE:
      case DELETE:
      case MERGE:
        if (this.#isNextStatement(token)) return this.#addNextStatement(token)
        if (this.#isHead(token)) return this.#addOperation(token, KIND_OF.get(token.keyword)!)
        break
      case EXEC:
      case EXECUTE:
        if (!this.#rules.batches) break
        // `INSERT INTO t EXEC p`
        if (this.#kind !== 'insert') return this.#addNextStatement(token)
        this.#pushOperation(this.#textOf(token))
        this.isInCall = true
        this.#expect = Other
        return
      case WITH:
        this.#ctes.begin()
        break
      case FROM:
        return this.#addFrom(token)
      case JOIN:
      case STRAIGHT_JOIN:
      case APPLY:
        this.#isJoinOpen = true
        // `UPDATE a JOIN b SET …` may set columns of both.
        this.#expect = this.#kind === 'update' && this.#levels.has(LISTS_OPERANDS) ? Target : Source
        return
      case INTO:
        if (this.#levels.has(HAS_OPERATION)) this.#expect = Target
        return
      case USING:
        this.#expect = Nothing
        if (this.#levels.has(HAS_USING) && !this.#isJoinOpen) this.#expectSources()
        this.#isJoinOpen = false
        return
      case ON:
        this.#isJoinOpen = false
        break
      case ONLY:
      case LATERAL:
        return
      case TABLE:
        if (token.previousKind === OpenParenthesis || this.#isHead(token) || this.#isInsertion(token)) {
          return this.#addOperation(token, 'select')
        }
        // `TRUNCATE TABLE t`; but `FROM TABLE (…)`, and some call a table so.
        if (this.#expect === Source && this.#targets.hasOperation && this.#kind !== 'utility')
          this.#beginName(token)
        return
      default:
        if (!token.has(Reserved) && !token.has(EndsTables) && this.#expect !== Nothing)
          return this.#addName(token)
    }
    if (token.has(EndsTables)) this.#levels.change(LISTS_SOURCES | LISTS_OPERANDS, 0)
    this.#expect = Nothing
  }

  /** Of a T-SQL call only its procedure's name is looked at, until the next command. */
  #addCallWord(token: TokenReader): void {
    if (this.#levels.isOutermost && isCommand(token.keyword)) return this.#addNextStatement(token)
    if (this.#expect === Other && !token.has(Reserved)) this.#beginName(token)
    else this.#expect = Nothing
  }

  /** Whether a command stands here, unlike the `UPDATE` of `FOR UPDATE` or a function's name. */
  #isHead(token: TokenReader): boolean {
    if (token.previousKind === OpenParenthesis) {
      return this.#levels.has(IS_CTE_BODY | LISTS_SOURCES)
    }
    switch (token.previousKeyword) {
      case AS:
        // `CREATE TABLE t AS`, `PREPARE p AS`; elsewhere it is followed by an alias.
        return this.#kind === 'schema' || this.#kind === 'utility'
      case ALL:
      case UNION:
      case EXCEPT:
      case INTERSECT:
        return true
      case FOR:
      case ON:
        return false
      default:
        return this.#isBatch && token.keyword !== VALUES && token.keyword !== TABLE
    }
  }

  /** Whether a command stands here though no semicolon ended the one before it. */
  #isNextStatement(token: TokenReader): boolean {
    if (!this.#rules.batches || this.#kind === 'merge' || !this.#levels.isOutermost) return false
    const { keyword, previousKeyword } = token
    return keyword !== VALUES && previousKeyword !== FOR && previousKeyword !== ON && previousKeyword !== AS
  }

  #addNextStatement(token: TokenReader): void {
    const isBatch = this.#isBatch
    this.#beginStatement()
    this.#isBatch = isBatch
    this.#addFirstWord(token)
  }

  /** `INSERT INTO t TABLE u` */
  #isInsertion({ previousKind }: TokenReader): boolean {
    return (
      this.#kind === 'insert' &&
      (previousKind === Word || previousKind === QuotedIdentifier || previousKind === CloseParenthesis)
    )
  }

  #addOperation(token: TokenReader, kind: StatementKind): void {
    this.#pushOperation(this.#textOf(token))
    if (this.#kind === 'unknown' && this.#ctes.depth === 0) this.#kind = kind
    else if (this.#createsTable && this.#ctes.depth === 0) this.#createsFromQuery = true
    this.#levels.change(~IS_CTE_BODY, HAS_OPERATION)
    this.#hasTarget = false
    switch (token.keyword) {
      case SELECT:
      case VALUES:
        this.#expect = Nothing
        return
      case TABLE:
        this.#expect = Source
        return
      case UPDATE:
        this.#levels.change(0, LISTS_OPERANDS)
        break
      case DELETE:
        this.#levels.change(0, LISTS_OPERANDS | HAS_USING)
        break
      case MERGE:
        this.#levels.change(0, HAS_USING)
    }
    this.#expect = this.#operands = Target
  }

  #addFrom(token: TokenReader): void {
    const { previousKeyword } = token
    if (this.#kind === 'copy' && this.#levels.isOutermost) this.#targets.writeAll()
    // `DELETE FROM`: a target; `EXTRACT(year FROM …)`, `IS DISTINCT FROM`: nothing.
    if (previousKeyword === DELETE) return
    // `DELETE TOP (10) FROM t`
    if (this.#levels.has(HAS_USING) && !this.#hasTarget) {
      this.#expect = Target
      return
    }
    if (this.#levels.has(HAS_OPERATION) && previousKeyword !== DISTINCT) this.#expectSources()
    else this.#expect = Nothing
  }

  #expectSources(): void {
    this.#expect = Source
    this.#levels.change(LISTS_OPERANDS, LISTS_SOURCES)
  }

  #expectOperands(operands: number): void {
    this.#expect = this.#operands = operands
    this.#levels.change(0, LISTS_OPERANDS)
  }

  #afterComma(): number {
    if (this.#levels.has(LISTS_SOURCES)) return Source
    return this.#levels.has(LISTS_OPERANDS) ? this.#operands : Nothing
  }

  #addObjectWord(token: TokenReader): void {
    if (this.#object.takes(this.#textOf(token))) return
    this.#endObject()
    if (token.keyword === ON) this.#addOpaqueWord(token)
    else this.#addName(token)
  }

  /** The words of `CREATE UNIQUE INDEX` are read; what follows is a name. */
  #endObject(): void {
    const object = this.#object
    object.isOpen = false
    this.#pushOperation(object.operation)
    this.#createsTable = object.mayHoldRows
    this.#expect = this.#operands = object.isTable ? Target : Other
    if (object.mayBeSeveral) this.#levels.change(0, LISTS_OPERANDS)
    this.#isOpaque = !object.isTable
    this.#hasBody = false
    this.#mayHaveBody = object.mayHaveBody
    this.#namesTable = object.isOnTable
  }

  /** In a definition only the table that an index, a trigger or a policy is for is looked at. */
  #addOpaqueWord(token: TokenReader): void {
    // In a procedure's body, too, the arguments of another one need no quotes.
    if (this.#rules.batches && (token.keyword === EXEC || token.keyword === EXECUTE)) {
      this.isInCall = this.isName = true
      this.#expect = Nothing
    }
    if (this.isInCall && !this.#isFollowed) return
    if (
      this.#isFollowed &&
      this.#levels.isOutermost &&
      token.previousKeyword !== FOR &&
      isCommand(token.keyword)
    ) {
      return this.#addNextStatement(token)
    }
    if (token.keyword === ON && this.#namesTable) {
      this.#expect = Target
      this.#namesTable = false
    } else if (this.#mayHaveBody && /^begin$/i.test(this.#textOf(token))) {
      this.#hasBody = true
    } else if (this.#expect !== Nothing && token.keyword !== ONLY) this.#addName(token)
  }

  #addName(token: TokenReader): void {
    if (this.#expect !== Source) {
      const word = this.#textOf(token).toLowerCase()
      this.#isAfterTop = word === 'top'
      if (SKIPPED.has(word)) return
    }
    this.#beginName(token)
  }

  #beginName(token: TokenReader): void {
    // In double quotes, and no certain name: only where no string can be it is one.
    if (token.isDoubtfulName && (this.#expect === Other || token.previousKind === Comma)) {
      this.#expect = Nothing
      return
    }
    this.#name.begin(this.#textOf(token))
    this.#nameExpect = this.#expect
    this.#expect = Nothing
    this.#markName()
  }

  #markName(): void {
    this.isName = true
    this.isTableName = this.#nameExpect !== Other
  }

  /** @returns whether the token is a part of the name that is being read */
  #continueName(token: TokenReader): boolean {
    if (!this.#name.takes(token, this.#sql)) {
      this.#endName(token)
      return false
    }
    if (token.kind === Word || token.kind === QuotedIdentifier) this.#markName()
    return true
  }

  /** @param next the token behind the name, which tells a function from a table */
  #endName(next: TokenReader): void {
    const { isIncomplete } = this.#name
    const name = this.#name.end()
    const expect = this.#nameExpect
    // What is cut may be no table but its schema.
    if (next.kind === End && isIncomplete) return
    if (expect === Target) this.#hasTarget = true
    // `SELECT … INTO OUTFILE '…'`, `ROWS FROM (…)`
    if (expect !== Other && next.isConstant) return
    if (next.keyword === FROM && /^rows$/i.test(name)) return
    if (expect === Source) {
      if (this.#ctes.has(name)) return
      if (next.kind === OpenParenthesis) return this.#targets.addName(name)
    } else if (expect === Target && this.#rules.writableCtes && this.#ctes.has(name)) {
      this.#targets.writeAll()
      return
    }
    this.#targets.addName(name)
    if (expect === Other) return
    this.#targets.addTable(name, expect === Target)
    const depth = this.#levels.depth
    if (expect === Source) this.#aliases.addSource(name, depth)
    else if (this.#kind === 'update' || this.#kind === 'delete') this.#aliases.addTarget(name, depth)
  }

  /** Where the token shows that a target was an alias, the table takes its place. */
  #followAlias(token: TokenReader): void {
    const [alias, table] = this.#aliases.follow(token, this.#sql) ?? []
    if (alias !== undefined && table !== undefined) this.#targets.resolveAlias(alias, table)
  }

  #pushOperation(written: string): void {
    this.isName = true
    this.#targets.addOperation(written)
  }

  #textOf(token: TokenReader): string {
    return this.#sql.slice(token.start, token.end)
  }
}
