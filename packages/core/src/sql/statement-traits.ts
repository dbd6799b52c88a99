import { lexicalRulesOf } from './dialect.js'
import { Keyword } from './keywords.js'
import type { QueryShape } from './query-shape.js'
import { SafeText } from './safe-text.js'
import { CALL_SYNTAX, STABLE_FUNCTIONS } from './stable-functions.js'
import { TokenReader } from './token-reader.js'
import { TokenKind } from './token-kind.js'

/** What a parameter is compared with, or written to. */
export interface ParameterUse {
  /** Without quotes; `undefined` where it is neither. */
  readonly column: string | undefined
  /** What stands in front of the column: a table or an alias. */
  readonly qualifier: string | undefined
  /** In lower case, such as `=`, `in`, `like`. */
  readonly operator: string | undefined
  readonly clause: ParameterClause
}

/** `values`: of an INSERT; `set`: of an UPDATE. */
export type ParameterClause = 'condition' | 'set' | 'values' | 'limit' | 'offset'

/** What a finding has to know of a statement beyond its shape. */
export interface StatementTraits {
  /** By the parameter's place in the list of parameters, from 0. */
  readonly parameters: readonly (ParameterUse | undefined)[]
  /** Whether an `IN`, `ARRAY` or `VALUES` list has several constants or rows. */
  readonly lists: boolean
  /** Whether it says how many rows it wants at most. */
  readonly limited: boolean
  /** Whether it skips rows. */
  readonly offset: boolean
  /** Whether it says which rows it wants: WHERE, a join, HAVING, a set operation. */
  readonly filtered: boolean
  /** Whether it may answer otherwise the next time though nobody has written: by a volatile function, or as it locks. */
  readonly volatile: boolean
}

const { AS, ARRAY, FOR, IN, INSERT, INTO, JOIN, SELECT, SET, VALUES } = Keyword
const {
  CloseBracket,
  CloseParenthesis,
  Comma,
  Dot,
  End,
  NumberLiteral,
  OpenBracket,
  OpenParenthesis,
  Operator,
  Parameter,
  QuotedIdentifier,
  Semicolon,
  Word,
} = TokenKind

const MAX_LENGTH = 100_000
const known = new WeakMap<QueryShape, StatementTraits>()
const reader = new TokenReader()
const noText = new SafeText()

/**
 * Reads a statement a second time, for the few that something is found in. Remembers the answer by its shape.
 *
 * @param system `db.system.name`
 */
export function traitsOf(shape: QueryShape, sql: string, system: string): StatementTraits {
  let traits = known.get(shape)
  if (traits === undefined) known.set(shape, (traits = readTraits(sql.slice(0, MAX_LENGTH), system)))
  return traits
}

interface List {
  /** What stood in front of the parenthesis. */
  readonly kind: 'columns' | 'row' | 'in' | 'subquery' | 'other'
  readonly column: string | undefined
  readonly qualifier: string | undefined
  elements: number
}

function readTraits(sql: string, system: string): StatementTraits {
  const parameters: (ParameterUse | undefined)[] = []
  const columns: string[] = []
  const stack: List[] = []
  let lists = false
  let limited = false
  let offset = false
  let filtered = false
  let volatile = false
  let clause = 'condition' as ParameterClause
  let column: string | undefined
  let qualifier: string | undefined
  let operator: string | undefined
  let word = ''
  let ordinal = 0
  let isInsert = false
  /** Whether the next `AND` is one of `BETWEEN … AND …`. */
  let isBetween = false
  let rows = 0

  const textOf = (): string => sql.slice(reader.start, reader.end)
  const forget = (): void => {
    isBetween = false
    column = qualifier = operator = undefined
  }

  function addParameter(): void {
    const number = /\$(\d+)$/.exec(textOf())?.[1]
    const index = number === undefined ? ordinal++ : Number(number) - 1
    const list = stack.at(-1)
    let use: ParameterUse
    if (list?.kind === 'row') {
      use = { column: columns[list.elements], qualifier: undefined, operator: undefined, clause: 'values' }
    } else if (list?.kind === 'in') {
      use = { column: list.column, qualifier: list.qualifier, operator: 'in', clause }
    } else use = { column, qualifier, operator, clause }
    if (index >= 0 && index < 10_000) parameters[index] ??= use
  }

  function open(): void {
    const { previousKeyword, previousKind } = reader
    const isTop = stack.length === 0
    if (previousKeyword === VALUES || (clause === 'values' && isTop)) {
      if (++rows > 1) lists = true
      stack.push({ kind: 'row', column: undefined, qualifier: undefined, elements: 0 })
      return
    }
    if (previousKeyword === IN || previousKeyword === ARRAY || word === 'any') {
      stack.push({ kind: 'in', column, qualifier, elements: 0 })
      return
    }
    if (isInsert && isTop && columns.length === 0 && clause !== 'values') {
      stack.push({ kind: 'columns', column: undefined, qualifier: undefined, elements: 0 })
      return
    }
    if (previousKind === Word && !CALL_SYNTAX.has(word) && !STABLE_FUNCTIONS.has(word)) volatile = true
    if (previousKind === QuotedIdentifier && !isInsert) volatile = true
    stack.push({ kind: 'other', column: undefined, qualifier: undefined, elements: 0 })
  }

  function addWord(): void {
    const { keyword, previousKind } = reader
    const isTop = stack.length === 0
    const name = textOf()
    const before = word
    word = name.toLowerCase()
    switch (keyword) {
      case SELECT: {
        const list = stack.pop()
        if (list !== undefined) stack.push({ ...list, kind: 'subquery' })
        clause = 'condition'
        return forget()
      }
      case INSERT:
        isInsert = true
        return
      case INTO:
      case AS:
        return
      case VALUES:
        if (isTop) clause = 'values'
        return
      case SET:
        clause = 'set'
        return forget()
      case JOIN:
        filtered = true
        return forget()
      case IN:
        operator = 'in'
        return
      case FOR:
        return
      default:
    }
    switch (word) {
      case 'where':
      case 'having':
      case 'union':
      case 'intersect':
      case 'except':
      case 'on':
        filtered ||= isTop || word !== 'on'
        clause = 'condition'
        return forget()
      case 'limit':
        if (isTop) limited = true
        clause = 'limit'
        return forget()
      case 'fetch':
      case 'top':
        if (isTop) limited = true
        return
      case 'offset':
        if (isTop) offset = true
        clause = 'offset'
        return forget()
      case 'update':
      case 'share':
        // `FOR UPDATE`, `FOR NO KEY UPDATE`
        if (before === 'for' || before === 'key') volatile = true
        return
      case 'and':
        if (isBetween) {
          isBetween = false
          return
        }
        if (clause !== 'set') clause = 'condition'
        return forget()
      case 'or':
      case 'returning':
        if (word === 'returning' || clause !== 'set') clause = 'condition'
        return forget()
      case 'like':
      case 'ilike':
      case 'between':
        operator = word
        isBetween = word === 'between'
        return
      case 'not':
      case 'any':
        return
      default:
        if (previousKind !== Dot && (CALL_SYNTAX.has(word) || STABLE_FUNCTIONS.has(word))) return
        addName(name)
    }
  }

  function addName(name: string): void {
    const list = stack.at(-1)
    if (list?.kind === 'columns') columns[list.elements] = name
    qualifier = reader.previousKind === Dot ? column : undefined
    column = name
    operator = undefined
  }

  noText.begin('', 0)
  reader.begin(sql, lexicalRulesOf(system))
  for (;;) {
    reader.read(noText)
    const { kind } = reader
    if (kind === End || kind === TokenKind.Unreadable) break
    if (kind === Parameter) addParameter()
    else if (reader.isConstant) {
      if (clause === 'limit' && kind === NumberLiteral) forget()
    } else {
      switch (kind) {
        case Word:
          addWord()
          break
        case QuotedIdentifier:
          word = ''
          addName(unquoted(textOf()))
          break
        case Operator:
          operator = textOf()
          break
        case OpenParenthesis:
        case OpenBracket:
          open()
          word = ''
          break
        case CloseParenthesis:
        case CloseBracket:
          stack.pop()
          break
        case Comma: {
          const list = stack.at(-1)
          if (list !== undefined) list.elements++
          if (list?.kind === 'in') lists = true
          if (list === undefined && clause === 'limit') offset = true
          break
        }
        case Semicolon:
          forget()
          break
        default:
      }
    }
  }
  reader.release()
  return { parameters, lists, limited, offset, filtered, volatile }
}

function unquoted(name: string): string {
  return /^["`[]/.test(name) ? name.slice(1, -1) : name
}
