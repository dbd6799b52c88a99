import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { lexicalRulesOf, normalizeSystem } from '../../../src/sql/tokens/dialect.js'
import { readTraits } from '../../../src/sql/tree/statement-traits.js'

const NAMES: readonly (readonly [name: string, system: string])[] = [
  ['postgresql', 'postgresql'],
  ['postgres', 'postgresql'],
  ['pg', 'postgresql'],
  ['PostgreSQL', 'postgresql'],
  ['mysql', 'mysql'],
  ['MySQL', 'mysql'],
  ['mariadb', 'mariadb'],
  ['maria', 'mariadb'],
  ['sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['microsoft.sql_server', 'microsoft.sql_server'],
  ['sql_server', 'microsoft.sql_server'],
  ['sqlserver', 'microsoft.sql_server'],
  ['MSSQL', 'microsoft.sql_server'],
]

describe('normalizeSystem', () => {
  it.each(NAMES)('turns %s into %s', (name, system) => {
    expect(normalizeSystem(name)).toBe(system)
  })

  it.each(['other_sql', 'oracle.db', 'clickhouse', 'cockroachdb', ''])('leaves %j as it is', (name) => {
    expect(normalizeSystem(name)).toBe(name)
  })

  it('turns an unknown name into lower case', () => {
    expect(normalizeSystem('ClickHouse')).toBe('clickhouse')
  })
})

describe('lexicalRulesOf', () => {
  it.each(NAMES)('finds for %s the rules of %s', (name, system) => {
    expect(lexicalRulesOf(name)).toBe(lexicalRulesOf(system))
    expect(lexicalRulesOf(name).isUnknown).toBe(false)
  })

  it('gives every other system the rules for unknown systems', () => {
    expect(lexicalRulesOf('other_sql').isUnknown).toBe(true)
    expect(lexicalRulesOf('clickhouse')).toBe(lexicalRulesOf('other_sql'))
  })

  it('returns the same rules for the same setting of backslashes', () => {
    expect(lexicalRulesOf('mysql', true)).toBe(lexicalRulesOf('mysql', true))
    expect(lexicalRulesOf('mysql', true).backslashEscapes).toBe('yes')
    expect(lexicalRulesOf('mysql', false)).toEqual({ ...lexicalRulesOf('mysql'), backslashEscapes: 'no' })
  })

  it('does not throw for a name that is no string', () => {
    for (const name of [null, 5, {}]) expect(lexicalRulesOf(name as never).isUnknown).toBe(true)
  })
})

describe('analyzeQuery', () => {
  it.each(NAMES)('reads %s by the rules of %s', (name, system) => {
    const sql = 'select "a", [b], `c`, $1, ?, @d # e'
    expect(analyzeQuery(sql, { dialect: name })).toEqual(analyzeQuery(sql, { dialect: system }))
  })
})

describe('readTraits', () => {
  it.each(NAMES)('knows for %s the functions and parameters of %s', (name, system) => {
    for (const sql of [
      'select isnull(a, 0)',
      'select ifnull(a, 0)',
      'select now()',
      'select a where b = :c',
    ]) {
      expect(readTraits(sql, name)).toEqual(readTraits(sql, system))
    }
  })
})
