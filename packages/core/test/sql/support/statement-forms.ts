import { readFileSync } from 'node:fs'

/** A statement with its kind, its summary, its tables and those that it writes to. */
export type StatementForm = readonly [
  sql: string,
  kind: string,
  summary: string,
  tables: string,
  writtenTables: string,
]

/** Statements that only some systems have, by the system. */
export const statementForms = JSON.parse(
  readFileSync(new URL('../fixtures/statement-forms.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly StatementForm[]>>

/** Statements with values that need no quotes; `Secret1` and `Secret2` are such values. */
export const unquotedValues = JSON.parse(
  readFileSync(new URL('../fixtures/unquoted-values.json', import.meta.url), 'utf8'),
) as readonly (readonly [dialect: string, sql: string, text: string])[]

/** All of these statements, to be mutated. */
export const formsToMutate: readonly string[] = [
  ...Object.values(statementForms).flatMap((rows) => rows.map(([sql]) => sql)),
  ...unquotedValues.map(([, sql]) => sql),
]
