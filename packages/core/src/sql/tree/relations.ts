import {
  isGroup,
  isKind,
  splitAtCommas,
  wordOf,
  type Group,
  type Item,
  type Token,
} from './statement-tree.js'
import { isQuery } from './statement-clauses.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Dot, QuotedIdentifier, Word } = TokenKind

/** An element of a FROM: a table, a subquery, a function or a join in parentheses. */
export interface Relation {
  /** The parts of its qualified name, without quotes; empty for a subquery. */
  readonly path: readonly string[]
  readonly alias: string | undefined
  /** The tokens of `path`, and that of `alias`. */
  readonly pathTokens: readonly Token[]
  readonly aliasToken: Token | undefined
  /** The items of a subquery, of a join in parentheses, or of a function's arguments. */
  readonly group: Group | undefined
  readonly kind: 'table' | 'query' | 'function' | 'joined'
  readonly join: JoinKind
  /** The words of the join, such as `left join`; `,` and `using` for a product; empty for the first relation. */
  readonly joinWords: string
  /** The join condition, without ON. */
  readonly condition: readonly Item[]
  /** Whether LATERAL or APPLY lets it refer to the relations in front of it. */
  readonly isLateral: boolean
  /** All items behind its name and its alias. */
  readonly rest: readonly Item[]
}

/**
 * The effect of a relation on the rows of the relations in front of it: `kept` keeps all of them; `narrowed` keeps
 * those with a matching row; `product` combines all rows of both sides. `first` has no relation in front.
 */
export type JoinKind = 'first' | 'kept' | 'narrowed' | 'product'

const JOIN_WORD = /^(?:join|inner|left|right|full|cross|natural|outer|straight_join|apply)$/
/** Words that may follow the name of a relation and are not its alias. */
const NO_ALIAS = /^(?:on|using|with|tablesample|for|use|force|ignore|partition|where|set|indexed|not)$/

/** Reads the relations of a FROM, or the target of an UPDATE. */
export function readRelations(items: readonly Item[]): readonly Relation[] {
  return splitAtCommas(items).flatMap((part, index) =>
    readJoins(part, index === 0 ? 'first' : 'product', index === 0 ? '' : ','),
  )
}

function readJoins(items: readonly Item[], first: JoinKind, firstWords: string): readonly Relation[] {
  const relations: Relation[] = []
  let join = first
  let joinWords = firstWords
  let start = 0
  for (let index = 0; index <= items.length; index++) {
    const word = wordOf(items[index])
    if (index < items.length && !isJoinAt(items, index)) {
      // `delete from a using b`
      if (word !== 'using' || isGroup(items[index + 1])) continue
      relations.push(readRelation(items.slice(start, index), join, joinWords))
      join = 'product'
      joinWords = word
      start = index + 1
      continue
    }
    if (index > start) relations.push(readRelation(items.slice(start, index), join, joinWords))
    if (index === items.length) break
    const words: string[] = []
    for (; JOIN_WORD.test(wordOf(items[index])) && isJoinAt(items, index); index++)
      words.push(wordOf(items[index]))
    join = joinOf(words)
    joinWords = words.join(' ')
    start = index
    index--
  }
  return relations
}

/** `left(a, 1)` is a function. */
function isJoinAt(items: readonly Item[], index: number): boolean {
  const word = wordOf(items[index])
  return JOIN_WORD.test(word) && !(/^(?:left|right)$/.test(word) && isGroup(items[index + 1]))
}

function joinOf(words: readonly string[]): JoinKind {
  const has = (word: string): boolean => words.includes(word)
  if (has('left') || (has('outer') && has('apply'))) return 'kept'
  // RIGHT and FULL keep all rows of the joined relation.
  if (has('right') || has('full')) return 'product'
  if (has('apply')) return 'narrowed'
  return has('cross') ? 'product' : 'narrowed'
}

function readRelation(items: readonly Item[], join: JoinKind, joinWords: string): Relation {
  let index = 0
  const isLateral = wordOf(items[0]) === 'lateral' || joinWords.endsWith('apply')
  while (/^(?:lateral|only|using)$/.test(wordOf(items[index]))) index++
  const path: Token[] = []
  const opening = items[index]
  let group: Group | undefined
  let kind: Relation['kind'] = 'table'
  if (isGroup(opening)) {
    group = opening
    kind = isQuery(group) ? 'query' : 'joined'
    index++
  } else {
    for (let expectsName = true; index < items.length; index++, expectsName = !expectsName) {
      const item = items[index]
      if (expectsName ? !isName(item) : !isKind(item, Dot)) break
      if (expectsName) path.push(item as Token)
    }
    const call = items[index]
    if (isGroup(call) && path.length > 0) {
      group = call
      kind = 'function'
      index++
      if (wordOf(items[index]) === 'with' && wordOf(items[index + 1]) === 'ordinality') index += 2
    }
  }
  if (wordOf(items[index]) === 'as') index++
  const named = items[index]
  const hasAlias = isName(named) && !NO_ALIAS.test(named.word)
  const on = items.findIndex((item, at) => at >= index && /^(?:on|using)$/.test(wordOf(item)))
  return {
    path: path.map(({ name }) => name),
    alias: hasAlias ? named.name : undefined,
    pathTokens: path,
    aliasToken: hasAlias ? named : undefined,
    group,
    kind,
    join,
    joinWords,
    condition: on < 0 ? [] : items.slice(on + 1),
    isLateral,
    rest: items.slice(hasAlias ? index + 1 : index),
  }
}

function isName(item: Item | undefined): item is Token {
  return isKind(item, Word) || isKind(item, QuotedIdentifier)
}
