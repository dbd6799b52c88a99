import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

interface OfficialCase {
  readonly name: string
  readonly input: { readonly query: string; readonly 'db.system.name': string }
  readonly expected: { readonly 'db.query.text': readonly string[]; readonly 'db.query.summary': string }
}

/**
 * `db-sql-test-cases.json` of OpenTelemetry's semantic conventions (Apache-2.0).
 *
 * @see https://github.com/open-telemetry/semantic-conventions
 */
const cases = JSON.parse(
  readFileSync(new URL('../fixtures/db-sql-test-cases.json', import.meta.url), 'utf8'),
) as readonly OfficialCase[]

describe('analyzeQuery on the test cases of the conventions', () => {
  it('finds all 24 of them', () => {
    expect(cases).toHaveLength(24)
  })

  it.each(cases)('gives the expected summary, and no text, for $name', ({ input, expected }) => {
    // All cases are of `other_sql`, whose text we do not export.
    const shape = analyzeQuery(input.query, { dialect: input['db.system.name'] })
    expect(shape).toMatchObject({ summary: expected['db.query.summary'], text: '', truncated: true })
  })

  it.each(cases)('gives the expected text for $name by the rules of PostgreSQL', ({ input, expected }) => {
    const { text } = analyzeQuery(input.query, { dialect: 'postgresql' })
    // Two cases read `99+100` as two numbers; PostgreSQL reads an operator between them.
    expect(expected['db.query.text']).toContain(text.replaceAll('?+?', '??'))
  })
})

describe('analyzeQuery on the examples of the conventions', () => {
  it.each([
    ['SELECT * FROM songs, artists WHERE songs.artist_id == artists.id', 'SELECT songs artists'],
    ['SELECT * FROM "song list", artists', 'SELECT "song list" artists'],
    ['{call some_stored_procedure}', 'call some_stored_procedure'],
    ['{? = call some_stored_procedure(?)}', 'call some_stored_procedure'],
    ['EXECUTE some_stored_procedure', 'EXECUTE some_stored_procedure'],
  ])('gives for %s the summary %s', (sql, summary) => {
    expect(analyzeQuery(sql).summary).toBe(summary)
  })
})
