import { isQuery, readClauses, type Clause } from '../tree/statement-clauses.js'
import { isGroup, isKind, splitAtCommas, wordOf, type Group, type Item } from '../tree/statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'
import { ExpressionWording } from './expression-wording.js'
import { NameScope } from './name-scope.js'
import type { WriteName } from './name-wording.js'
import { labelRelations, RelationWording, type LabelledRelation } from './relation-wording.js'
import { aliasesOf, numberQueries, queriesIn, readQuantifier, wrappedQuery } from './select-list.js'

/** The clauses of one SELECT or write, with the relations of those that have any. */
interface Part {
  readonly clauses: readonly Clause[]
  readonly relations: ReadonlyMap<Clause, readonly LabelledRelation[]>
  readonly scope: NameScope
  readonly outer: NameScope | undefined
}

/** The first clauses of a query and of a write. `other` is a query in parentheses, or unknown. */
const BEGINS_QUERY = /^(?:with|select|insert|update|delete|values|other)$/

/** In UTF-16 units. An ORDER BY shows as much of the expressions whose aliases it has. */
const MAX_ALIASED = 2_000

/** A statement that the wording does not know. */
const UNKNOWN = Symbol('unknown statement')

/** Writes queries in words, each with its subqueries. */
export class QueryWording {
  readonly #nameOf: WriteName
  readonly #expressions: ExpressionWording
  readonly #relations: RelationWording

  constructor(nameOf: WriteName) {
    const writeQuery = (group: Group, scope: NameScope): string => this.#writeQuery(group.items, scope)
    this.#nameOf = nameOf
    this.#expressions = new ExpressionWording(nameOf, writeQuery)
    this.#relations = new RelationWording(this.#expressions, writeQuery)
  }

  /** @returns `undefined` for a statement other than a query or a write of rows */
  write(items: readonly Item[]): string | undefined {
    try {
      return this.#writeQuery(items, undefined)
    } catch (error) {
      if (error === UNKNOWN) return undefined
      throw error
    }
  }

  #writeQuery(items: readonly Item[], outer: NameScope | undefined): string {
    const parts: { readonly operator: string; readonly clauses: Clause[] }[] = [{ operator: '', clauses: [] }]
    for (const clause of readClauses(items)) {
      if (clause.name !== 'next') parts.at(-1)!.clauses.push(clause)
      else {
        // `union all (select …)`
        const isAll = wordOf(clause.items[0]) === 'all'
        const rest = clause.items.slice(isAll || wordOf(clause.items[0]) === 'distinct' ? 1 : 0)
        const operator = isAll ? `${clause.keyword} all` : clause.keyword
        const first: Clause[] = rest.length === 0 ? [] : [{ name: 'other', keyword: '', items: rest }]
        parts.push({ operator, clauses: first })
      }
    }
    return parts
      .map(({ operator, clauses }) => [operator, this.#writePart(clauses, outer)].join(' ').trim())
      .join(' ')
  }

  #writePart(clauses: readonly Clause[], outer: NameScope | undefined): string {
    // `set search_path to a` holds values that look like names.
    if (!BEGINS_QUERY.test(clauses[0]?.name ?? '')) throw UNKNOWN
    const scope = new NameScope(outer)
    const relations = new Map<Clause, readonly LabelledRelation[]>()
    const froms = clauses.filter(({ name }) => name === 'from')
    const label = (clause: Clause, items: readonly Item[]): void => {
      // The SELECT of an INSERT does not read the table that it writes to.
      const isApart = clause.name === 'insert' && froms.length > 0
      relations.set(clause, labelRelations(items, isApart ? new NameScope() : scope, this.#nameOf))
    }
    for (const from of froms) label(from, from.items)
    for (const clause of clauses) {
      const target = targetOf(clause)
      // MySQL's `delete b from books b` and T-SQL's `update b … from books b` name a relation of FROM.
      if (target.length > 0 && this.#labelOf(target, scope) === undefined) label(clause, target)
    }
    const part: Part = { clauses, relations, scope, outer }
    const wrapped = wrappedQuery(clauses)
    if (wrapped !== undefined) return this.#writeQuery(wrapped.items, outer)
    const texts = clauses.map((clause, index) => this.#writeClause(clause, index, part))
    return texts.filter((text) => text !== '').join(' ')
  }

  #writeClause(clause: Clause, index: number, part: Part): string {
    const { name, keyword, items } = clause
    const { scope } = part
    switch (name) {
      case 'with':
        return this.#writeWith(items)
      case 'select':
        return this.#writeSelect(items, part)
      case 'insert':
        return `${keyword} ${this.#writeTarget(clause, part)}`
      case 'update':
        return `update ${this.#writeTarget(clause, part)}`
      case 'delete':
        return items.length === 0 ? 'delete' : `delete ${this.#writeTarget(clause, part)}`
      case 'from':
        return this.#writeFrom(clause, index, part)
      case 'set':
        return this.#writeSet(items, scope)
      case 'values':
        return this.#writeValues(items, index, scope)
      case 'returning': {
        const queries = this.#writeQueries(items, scope)
        return queries === '' ? '' : `returning ${queries}`
      }
      case 'order':
        return `order by ${this.#writeOrder(items.slice(1), part)}`
      case 'group':
        return `group by ${this.#expressions.writeAll(items.slice(1), scope)}`
      case 'where':
      case 'having':
      case 'limit':
      case 'offset':
      case 'fetch':
      case 'for':
        return `${keyword} ${this.#expressions.writeAll(items, scope)}`
      case 'conflict':
        return `on ${this.#expressions.writeAll(items, scope)}`
      default:
        return this.#writeOther(clause, index, scope)
    }
  }

  /** `(select …)` of a set operation, definitions of windows, and T-SQL's OPTION. */
  #writeOther({ keyword, items }: Clause, index: number, scope: NameScope): string {
    if (keyword === 'window') return ''
    if (keyword === 'option') return `option ${this.#expressions.writeAll(items, scope)}`
    const [first, ...others] = items
    if (index > 0 || !isGroup(first) || !isQuery(first) || others.length > 0) throw UNKNOWN
    return `(${this.#writeQuery(first.items, scope)})`
  }

  /** `with recent as (select books where …)` */
  #writeWith(items: readonly Item[]): string {
    const isRecursive = wordOf(items[0]) === 'recursive'
    const tables = splitAtCommas(isRecursive ? items.slice(1) : items).map((part) => {
      const [name] = part
      const query = part.find((item, index) => isGroup(item) && index > 1 && isQuery(item))
      if (name === undefined || isGroup(name) || name.name === '' || !isGroup(query)) throw UNKNOWN
      return `${this.#nameOf(name)} as (${this.#writeQuery(query.items, undefined)})`
    })
    return `with ${isRecursive ? 'recursive ' : ''}${tables.join(', ')}`
  }

  /** What it selects is left out, except subqueries, and without a FROM. */
  #writeSelect(items: readonly Item[], part: Part): string {
    const { scope } = part
    const { quantifier, list } = readQuantifier(items)
    const words = ['select', this.#expressions.writeAll(quantifier, scope)]
    const from = part.clauses.find(({ name }) => name === 'from')
    if (from === undefined) {
      words.push(
        splitAtCommas(list)
          .map((item) => this.#expressions.write(withoutAlias(item), scope))
          .join(', '),
      )
    } else {
      const queries = this.#writeQueries(list, scope)
      const [first] = part.relations.get(from) ?? []
      if (queries !== '') words.push(queries)
      if (queries !== '' || first?.relation.kind !== 'table') words.push('from')
    }
    return words.filter((word) => word !== '').join(' ')
  }

  /** The subqueries of a list, each different one once. */
  #writeQueries(items: readonly Item[], scope: NameScope): string {
    const queries = queriesIn(items).map((group) => `(${this.#writeQuery(group.items, scope)})`)
    return [...new Set(queries)].join(', ')
  }

  #writeFrom(clause: Clause, index: number, { clauses, relations, scope, outer }: Part): string {
    const text = this.#relations.write(relations.get(clause) ?? [], scope, outer)
    const before = clauses[index - 1]
    const isTarget = before?.name === 'select' || (before?.name === 'delete' && before.items.length === 0)
    return isTarget ? text : `from ${text}`
  }

  /** The table that a statement writes to. */
  #writeTarget(clause: Clause, { relations, scope, outer }: Part): string {
    const labelled = relations.get(clause)
    const target =
      labelled === undefined
        ? (this.#labelOf(targetOf(clause), scope) ?? '')
        : this.#relations.write(labelled, scope, outer)
    if (target === '') throw UNKNOWN
    const modifiers = clause.items.slice(0, startOfTarget(clause)).map(wordOf)
    return [...modifiers.filter((word) => word !== '' && word !== 'into'), target].join(' ')
  }

  /** The label of a relation of FROM that a single name means. */
  #labelOf(target: readonly Item[], scope: NameScope): string | undefined {
    const [name, ...others] = target
    if (name === undefined || isGroup(name) || others.length > 0) return undefined
    return scope.relationNamed(this.#nameOf(name))?.label
  }

  /** The columns in the order of their names. It shows their values only where these are subqueries. */
  #writeSet(items: readonly Item[], scope: NameScope): string {
    const columns = splitAtCommas(items).map((part) => {
      const equals = part.findIndex((item) => isKind(item, TokenKind.Operator))
      const [target] = part
      const names = this.#expressions.writeAll(isGroup(target) ? target.items : part.slice(0, equals), scope)
      const queries = this.#writeQueries(part.slice(equals + 1), scope)
      return queries === '' ? names : `${names} = ${queries}`
    })
    return `set ${[...new Set(columns)].toSorted().join(', ')}`
  }

  /** The rows of an INSERT are left out, except subqueries. */
  #writeValues(items: readonly Item[], index: number, scope: NameScope): string {
    const queries = this.#writeQueries(items, scope)
    if (index > 0) return queries === '' ? '' : `values ${queries}`
    return ['values', queries].join(' ').trim()
  }

  /** `order by n` is ordered by what the SELECT calls `n`; ascending is the default. */
  #writeOrder(items: readonly Item[], { clauses, scope }: Part): string {
    const { list } = readQuantifier(clauses.find(({ name }) => name === 'select')?.items ?? [])
    const aliases = aliasesOf(list, this.#nameOf)
    const expressions = new ExpressionWording(this.#nameOf, numberQueries(list))
    const texts = new Map<string, string>()
    let length = 0
    const textOf = (name: string): string | undefined => {
      const aliased = aliases.get(name)
      if (aliased === undefined) return undefined
      const text = texts.get(name) ?? expressions.write(aliased, scope)
      texts.set(name, text)
      length += text.length
      return length > MAX_ALIASED ? '(…)' : text
    }
    return splitAtCommas(items)
      .map((part) => {
        const [first, ...rest] = part
        const isName = first !== undefined && !isGroup(first) && first.name !== '' && isDirection(rest[0])
        const text = isName ? textOf(this.#nameOf(first)) : undefined
        const others = (text === undefined ? part : rest).filter((item) => wordOf(item) !== 'asc')
        return `${text ?? ''} ${this.#expressions.write(others, scope)}`.trim()
      })
      .join(', ')
  }
}

/** Whether an item of ORDER BY that begins with a name goes on, or ends, as one that is ordered by this name alone. */
function isDirection(next: Item | undefined): boolean {
  return next === undefined || /^(?:asc|desc|nulls|collate)$/.test(wordOf(next))
}

/** The items of a clause that name the table it writes to; none for other clauses. */
function targetOf(clause: Clause): readonly Item[] {
  const { name, items } = clause
  if (name !== 'insert' && name !== 'update' && name !== 'delete') return []
  const target = items.slice(startOfTarget(clause))
  const columns = name === 'insert' ? target.findIndex(isGroup) : -1
  return columns < 0 ? target : target.slice(0, columns)
}

/** Behind `into`, `or ignore` and the like. */
function startOfTarget({ name, items }: Clause): number {
  if (name === 'insert') return items.findIndex((item) => wordOf(item) === 'into') + 1
  return wordOf(items[0]) === 'or' ? 2 : 0
}

function withoutAlias(items: readonly Item[]): readonly Item[] {
  const as = items.length - 2
  return wordOf(items[as]) === 'as' ? items.slice(0, as) : items
}
