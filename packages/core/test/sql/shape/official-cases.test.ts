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

describe('the test cases of the conventions', () => {
  it('are all there', () => {
    expect(cases).toHaveLength(24)
  })

  it.each(cases)('$name', ({ input, expected }) => {
    const { text, summary } = analyzeQuery(input.query, { dialect: input['db.system.name'] })
    expect(expected['db.query.text']).toContain(text)
    expect(summary).toBe(expected['db.query.summary'])
  })
})

describe('the examples of the conventions', () => {
  it.each([
    ['SELECT * FROM songs, artists WHERE songs.artist_id == artists.id', 'SELECT songs artists'],
    ['SELECT * FROM "song list", artists', 'SELECT "song list" artists'],
    ['{call some_stored_procedure}', 'call some_stored_procedure'],
    ['{? = call some_stored_procedure(?)}', 'call some_stored_procedure'],
    ['EXECUTE some_stored_procedure', 'EXECUTE some_stored_procedure'],
  ])('%s', (sql, summary) => {
    expect(analyzeQuery(sql).summary).toBe(summary)
  })
})
