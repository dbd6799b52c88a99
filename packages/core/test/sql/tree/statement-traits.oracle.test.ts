import { loadModule, parseSync } from 'libpg-query'
import { describe, expect, it } from 'vitest'

import {
  CHANGING_WITH_TRANSACTION,
  STABLE_IN_EXTENSIONS,
  STABLE_IN_POSTGRESQL,
} from '../../../src/sql/functions/postgresql.js'
import { readTraits } from '../../../src/sql/tree/statement-traits.js'
import { ownFiles, postgresFiles, statementsOf } from '../support/corpus.ts'

await loadModule()

type Node = Readonly<Record<string, unknown>>

/** The statements of the corpus that hold one query, as PostgreSQL's parser reads them. */
const parsed = statementsOf([...ownFiles, ...postgresFiles]).flatMap((sql) => {
  if (sql.length > 30_000) return []
  try {
    const { stmts } = parseSync(sql) as { readonly stmts?: readonly { readonly stmt: Node }[] }
    const statement = stmts?.length === 1 ? stmts[0]!.stmt : undefined
    return statement === undefined ? [] : [{ sql, statement }]
  } catch {
    return []
  }
})

/** All nodes of a kind at any depth. */
function find(node: unknown, kind: string): readonly Node[] {
  if (Array.isArray(node)) return node.flatMap((element) => find(element, kind))
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === kind ? [value as Node] : []),
    ...find(value, kind),
  ])
}

function namesOf(list: unknown): readonly string[] {
  return find(list, 'String').map(({ sval }) => String(sval))
}

/** Functions that the parser puts in place of other syntax. */
const GRAMMAR =
  /^(?:timezone|overlay|position|[blr]trim|extract|normalize|is_normalized|(?:like|similar_to)_escape|pg_collation_for|system_user)$/
const stable = new Set([...STABLE_IN_POSTGRESQL, ...STABLE_IN_EXTENSIONS, ...CHANGING_WITH_TRANSACTION])

/** Whether a statement calls only functions that are known to be stable. */
function isStable(statement: Node): boolean {
  return find(statement, 'FuncCall').every(({ funcname }) => {
    const names = namesOf(funcname)
    const name = names.at(-1)?.toLowerCase() ?? ''
    return GRAMMAR.test(name) || ((names.length === 1 || names[0] === 'pg_catalog') && stable.has(name))
  })
}

describe('readTraits, checked by the parser of PostgreSQL', () => {
  const selects = parsed.filter(({ statement }) => {
    return 'SelectStmt' in statement && find(statement, 'MergeStmt').length === 0
  })

  it('calls a statement volatile if it calls a function that is not known to be stable', () => {
    expect(selects.length).toBeGreaterThan(100)
    const missed = selects.filter(
      ({ sql, statement }) => !isStable(statement) && !readTraits(sql, 'postgresql').volatile,
    )
    expect(missed.map(({ sql }) => sql)).toEqual([])
  })

  it('does not call a statement volatile if it calls only stable functions and takes no lock', () => {
    const wrong = selects.filter(({ sql, statement }) => {
      const locks = [...find(statement, 'LockingClause'), ...find(statement, 'RangeTableSample')]
      return isStable(statement) && locks.length === 0 && readTraits(sql, 'postgresql').volatile
    })
    expect(wrong.map(({ sql }) => sql)).toEqual([])
  })

  it.each(['postgresql', 'mysql', 'sqlite', 'microsoft.sql_server', 'other_sql'])(
    'does not throw for a statement or a part of one by the rules of %s',
    (system) => {
      for (const { sql } of parsed) {
        for (const part of [sql, sql.slice(0, sql.length / 2), sql.slice(sql.length / 2)]) {
          expect(() => readTraits(part, system), part).not.toThrow()
        }
      }
    },
  )

  it('describes each parameter', () => {
    const withParameters = parsed.filter(({ statement }) => find(statement, 'ParamRef').length > 0)
    expect(withParameters.length).toBeGreaterThan(20)
    const wrong = withParameters.filter(({ sql, statement }) => {
      const numbers = new Set(find(statement, 'ParamRef').map((parameter) => Number(parameter['number'])))
      const { parameters } = readTraits(sql, 'postgresql')
      return [...numbers].some((number) => number > 0 && parameters[number - 1] === undefined)
    })
    expect(wrong.map(({ sql }) => sql)).toEqual([])
  })

  it('calls a comparison required only if the WHERE joins it by AND', () => {
    const wrong = parsed.flatMap(({ sql, statement }) => {
      const [[kind, own]] = Object.entries(statement) as [[string, Node]]
      if (!/^(?:Select|Update|Delete)Stmt$/.test(kind)) return []
      const required = new Map<number, string>()
      collectRequired(own['whereClause'] as Node | undefined, required)
      return readTraits(sql, 'postgresql').parameters.flatMap((use, index) => {
        if (use?.required !== true) return []
        return required.get(index + 1) === use.column ? [] : [`${sql}: $${index + 1} ${use.column}`]
      })
    })
    expect(wrong).toEqual([])
  })
})

/** Collects the columns that a WHERE compares with parameters in conditions joined by AND. */
function collectRequired(node: Node | undefined, required: Map<number, string>): void {
  const and = node?.['BoolExpr'] as Node | undefined
  if (and?.['boolop'] === 'AND_EXPR') {
    for (const part of and['args'] as readonly Node[]) collectRequired(part, required)
    return
  }
  const comparison = node?.['A_Expr'] as Node | undefined
  if (comparison === undefined) return
  const columns = find([comparison['lexpr'], comparison['rexpr']], 'ColumnRef').map(
    ({ fields }) => namesOf(fields).at(-1) ?? '',
  )
  find(comparison, 'ParamRef').forEach(({ number }, index) => {
    required.set(Number(number), columns[columns.length > 1 ? index % columns.length : 0] ?? '')
  })
}
