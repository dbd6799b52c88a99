import { readRelations, type Relation } from '../tree/relations.js'
import { isGroup, wordOf, type Item } from '../tree/statement-tree.js'
import type { ExpressionWording, WriteQuery } from './expression-wording.js'
import { NameScope } from './name-scope.js'
import type { WriteName } from './name-wording.js'

/** A relation of a FROM, or the target of a write, and what it is called in the wording. */
export interface LabelledRelation {
  readonly relation: Relation
  /** Its name with its schema; empty for a subquery and for a join in parentheses. */
  readonly name: string
  /** What qualifies its columns. */
  readonly label: string
  /** Those of a join in parentheses. */
  readonly inner: readonly LabelledRelation[]
}

/** Adds the relations of a clause to the scope of their query. */
export function labelRelations(
  items: readonly Item[],
  scope: NameScope,
  nameOf: WriteName,
): readonly LabelledRelation[] {
  return readRelations(items).map((relation) => {
    const { kind, pathTokens, aliasToken, group } = relation
    if (kind === 'joined') {
      return { relation, name: '', label: '', inner: labelRelations(group?.items ?? [], scope, nameOf) }
    }
    const path = pathTokens.map(nameOf)
    const table = path.at(-1) ?? ''
    const label = scope.add(aliasToken === undefined ? table : nameOf(aliasToken), table)
    return { relation, name: path.join('.'), label, inner: [] }
  })
}

/** Writes relations and their joins: `books left join authors on authors.id = books.author_id`. */
export class RelationWording {
  readonly #expressions: ExpressionWording
  readonly #writeQuery: WriteQuery

  constructor(expressions: ExpressionWording, writeQuery: WriteQuery) {
    this.#expressions = expressions
    this.#writeQuery = writeQuery
  }

  /** @param outer the scope around the query, which subqueries without LATERAL refer to */
  write(relations: readonly LabelledRelation[], scope: NameScope, outer: NameScope | undefined): string {
    return relations
      .map((labelled) => {
        const join = joinOf(labelled.relation)
        const text = this.#writeOne(labelled, scope, outer)
        return join === ',' || join === '' ? `${join} ${text}` : ` ${join} ${text}`
      })
      .join('')
      .trimStart()
  }

  #writeOne(labelled: LabelledRelation, scope: NameScope, outer: NameScope | undefined): string {
    const { relation, inner } = labelled
    const rest = this.#expressions.write(withoutColumnNames(relation), scope)
    const whole =
      relation.kind === 'joined'
        ? `(${this.write(inner, scope, outer)})`
        : this.#nameOf(labelled, scope, outer)
    return rest === '' ? whole : `${whole} ${rest}`
  }

  #nameOf(
    { relation, name, label }: LabelledRelation,
    scope: NameScope,
    outer: NameScope | undefined,
  ): string {
    const { kind, group, isLateral } = relation
    if (group !== undefined && kind === 'query') {
      const lateral = isLateral && !relation.joinWords.endsWith('apply') ? 'lateral ' : ''
      return `${lateral}(${this.#writeQuery(group, isLateral ? scope : (outer ?? new NameScope()))})`
    }
    const call =
      group !== undefined && kind === 'function' ? `(${this.#expressions.writeAll(group.items, scope)})` : ''
    const isNumbered = scope.hasSeveral && !name.endsWith(label)
    return `${name}${call}${isNumbered ? ` as ${label}` : ''}`
  }
}

/** `JOIN` and `INNER JOIN`, `LEFT JOIN` and `LEFT OUTER JOIN` are the same. */
function joinOf({ joinWords }: Relation): string {
  if (joinWords.endsWith('apply')) return joinWords
  return joinWords.replace(/\b(?:inner|outer) /g, '')
}

/** What follows the alias, without the names that it gives to columns: `… as t(a, b) on …`. */
function withoutColumnNames({ rest, kind }: Relation): readonly Item[] {
  return isGroup(rest[0]) && kind !== 'joined' && wordOf(rest[0]) === '' ? rest.slice(1) : rest
}
