/** A table, a subquery or a function that columns of a query can refer to. */
export interface NamedRelation {
  /** The name that qualifies its columns: its alias, or the last part of its name. */
  readonly name: string
  /** What stands for it in the wording; empty for a subquery, whose columns need no qualifier. */
  readonly label: string
}

/** Which relation the qualifier of a column means: aliases are no part of a wording. */
export class NameScope {
  readonly #outer: NameScope | undefined
  /** The first relation of each name. */
  readonly #relations = new Map<string, NamedRelation>()
  #size = 0
  /** How often the query reads a table. */
  readonly #tables = new Map<string, number>()

  /** @param outer the scope around a subquery, whose relations it may refer to */
  constructor(outer?: NameScope) {
    this.#outer = outer
  }

  /** Whether its columns need a qualifier. */
  get hasSeveral(): boolean {
    return this.#size > 1
  }

  /**
   * Adds a relation.
   *
   * @param table the last part of its name; empty for a subquery
   * @returns its label: the name of the table, with a number for a table that the query or those around it read twice
   */
  add(name: string, table: string): string {
    const before = table === '' ? 0 : this.#countOf(table)
    const label = before === 0 ? table : `${table}_${before + 1}`
    if (!this.#relations.has(name)) this.#relations.set(name, { name, label })
    this.#size++
    this.#tables.set(table, (this.#tables.get(table) ?? 0) + 1)
    return label
  }

  /** Finds a relation of the query itself. */
  relationNamed(name: string): NamedRelation | undefined {
    return this.#relations.get(name)
  }

  /** @returns what qualifies a column in the wording; `undefined` for a name that is no relation */
  labelOf(name: string): string | undefined {
    const found = this.relationNamed(name)
    if (found !== undefined) return this.hasSeveral ? found.label : ''
    for (let scope = this.#outer; scope !== undefined; scope = scope.#outer) {
      const outer = scope.relationNamed(name)
      if (outer !== undefined) return outer.label
    }
    return undefined
  }

  #countOf(table: string): number {
    const outer = this.#outer
    return (this.#tables.get(table) ?? 0) + (outer === undefined ? 0 : outer.#countOf(table))
  }
}
