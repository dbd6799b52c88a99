import { mariadb, mysql } from './dialects/mysql.js'
import { postgresql } from './dialects/postgresql.js'
import { sqlServer } from './dialects/sql-server.js'
import { sqlite } from './dialects/sqlite.js'
import { unknown } from './dialects/unknown.js'
import type { LexicalRules } from './lexical-rules.js'

export type { LexicalRules } from './lexical-rules.js'

/** The systems whose rules are known, by their `db.system.name`; `other_sql` stands for any other. */
export type SqlDialect = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'microsoft.sql_server' | 'other_sql'

const RULES: ReadonlyMap<string, LexicalRules> = new Map<SqlDialect, LexicalRules>([
  ['postgresql', postgresql],
  ['mysql', mysql],
  ['mariadb', mariadb],
  ['sqlite', sqlite],
  ['microsoft.sql_server', sqlServer],
])

const ALIASES: ReadonlyMap<string, SqlDialect> = new Map([
  ['postgres', 'postgresql'],
  ['pg', 'postgresql'],
  ['maria', 'mariadb'],
  ['sqlite3', 'sqlite'],
  ['mssql', 'microsoft.sql_server'],
  ['sqlserver', 'microsoft.sql_server'],
  ['sql_server', 'microsoft.sql_server'],
])

/** The names of the systems whose rules are known. */
export const KNOWN_DIALECTS: readonly string[] = [...RULES.keys()]

/** The dialect by which statements of a system are read: `other_sql` for a system whose rules are not known. */
export function dialectOf(system: string): SqlDialect {
  if (RULES.has(system)) return system as SqlDialect
  const name = normalizeSystem(system)
  return RULES.has(name) ? (name as SqlDialect) : 'other_sql'
}

/**
 * The `db.system.name` of a system that goes by another name.
 *
 * @param name in any letter case, such as `pg`, `MSSQL` or `sqlite3`
 * @returns for example `postgresql`, `microsoft.sql_server` or `sqlite`; a name without an alias in lower case
 */
export function normalizeSystem(name: string): string {
  // JavaScript callers may pass anything, and reading a statement must not throw.
  const lower = String(name).toLowerCase()
  return ALIASES.get(lower) ?? lower
}

/** The rules with `backslashEscapes` decided, made once for each of its two values. */
const decided = new Map<LexicalRules, readonly [no: LexicalRules, yes: LexicalRules]>()

/**
 * The rules of a system, which may go by any of its names.
 *
 * @param system a `db.system.name` or an alias; any other name gets the rules for unknown systems
 * @param backslashEscapes whether a backslash escapes a quote; `undefined` if that is not known
 */
export function lexicalRulesOf(system: string, backslashEscapes?: boolean): LexicalRules {
  const rules = RULES.get(system) ?? RULES.get(normalizeSystem(system)) ?? unknown
  if (backslashEscapes === undefined) return rules
  let pair = decided.get(rules)
  if (pair === undefined) {
    pair = [
      { ...rules, backslashEscapes: 'no' },
      { ...rules, backslashEscapes: 'yes' },
    ]
    decided.set(rules, pair)
  }
  return pair[backslashEscapes ? 1 : 0]
}
