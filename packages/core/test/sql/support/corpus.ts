import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { findSqlFolder } from '@querylens/tool-postgres'
import { loadModule, scanSync } from 'libpg-query'

await loadModule()

/** A file of SQL statements. */
export interface CorpusFile {
  readonly name: string
  readonly sql: string
}

/** Statements that were written for these tests, or that the examples and tests of this repository send. */
export const ownFiles: readonly CorpusFile[] = filesBelow(new URL('../corpus', import.meta.url).pathname)

/** The scripts that PostgreSQL ships: its system views, the information schema and its extensions. */
export const postgresFiles: readonly CorpusFile[] = filesBelow(await findSqlFolder())

/** The statements of files, each once, without the semicolon at the end. */
export function statementsOf(files: readonly CorpusFile[]): readonly string[] {
  return [...new Set(files.flatMap(({ sql }) => split(sql)))]
}

/** The tokens and comments that PostgreSQL's scanner finds, with offsets in UTF-16 units. */
export function scanTokens(sql: string): readonly ScannedToken[] {
  const bytes = Buffer.from(sql)
  const isAscii = bytes.length === sql.length
  const offset = (byte: number): number => (isAscii ? byte : bytes.subarray(0, byte).toString().length)
  return scanSync(sql).tokens.map(({ start, end, tokenName }) => ({
    start: offset(start),
    end: offset(end),
    name: tokenName,
  }))
}

/** A token of PostgreSQL's scanner; its name is `SCONST`, `ICONST`, `PARAM`, `IDENT`, … */
export interface ScannedToken {
  readonly start: number
  readonly end: number
  readonly name: string
}

function split(sql: string): readonly string[] {
  const statements: string[] = []
  let from = 0
  for (const { start, end, name } of scanTokens(sql)) {
    if (name !== 'ASCII_59') continue
    statements.push(sql.slice(from, start).trim())
    from = end
  }
  return statements
}

function filesBelow(folder: string): readonly CorpusFile[] {
  return globSync('**/*.sql', { cwd: folder })
    .toSorted()
    .map((path) => ({ name: basename(path), sql: withoutPsql(readFileSync(join(folder, path), 'utf8')) }))
}

/** Removes the commands of psql, which a server does not understand. */
function withoutPsql(script: string): string {
  return script.replace(/^\\.*$/gm, '')
}
