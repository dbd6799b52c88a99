import { captureQueries, querySnapshotOf } from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { withNewQueries } from '../../src/snapshot/compared-snapshot.js'
import '../../src/vitest/index.js'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase
beforeAll(async () => void (library = await openLibrary()))
afterAll(() => library.close())

describe('querySnapshotOf', () => {
  it('has a line for each statement, with how often it ran', async () => {
    const queries = await captureQueries(() => listBooks(library.db))
    expect(querySnapshotOf(queries)).toBe('1x select authors\n4x select books where author_id = ?')
  })

  it('does not depend on the order of concurrent queries', async () => {
    const books = () => library.db.selectFrom('books').select('id').execute()
    const authors = () => library.db.selectFrom('authors').select('id').where('id', '=', 1).execute()
    const one = await captureQueries(() => Promise.all([books(), authors()]))
    const other = await captureQueries(() => Promise.all([authors(), books()]))
    expect(querySnapshotOf(other)).toBe(querySnapshotOf(one))
  })

  it('leaves transactions, columns, values and the lengths of lists out', async () => {
    const queries = await captureQueries(() =>
      library.db.transaction().execute(async (trx) => {
        await trx.updateTable('books').set({ title: 'new' }).where('id', 'in', [1, 2]).execute()
        await trx.updateTable('books').set({ title: 'newer' }).where('id', 'in', [3]).execute()
        await trx.selectFrom('authors as a').select('a.id').execute()
        await trx.selectFrom('authors').selectAll().execute()
      }),
    )
    expect(querySnapshotOf(queries)).toBe('2x select authors\n2x update books set title where id in (?)')
  })

  it('refuses a capture without queries', async () => {
    const queries = await captureQueries(() => {})
    expect(() => querySnapshotOf(queries)).toThrow(/^Expected queries for the snapshot, got none\./)
    expect(() => expect(queries).toMatchQuerySnapshot()).toThrow(
      /^Expected queries for the snapshot, got none\./,
    )
  })

  it('refuses what is no capture', () => {
    expect(() => querySnapshotOf([] as never)).toThrow('querySnapshotOf() checks captured queries')
  })
})

describe('withNewQueries', () => {
  it('adds the queries that the snapshot does not have to the message of the runner', async () => {
    const queries = await captureQueries(() => listBooks(library.db))
    const expected = '\n1x select authors\n  1x select books where author_id = ?\n'
    const result = { pass: false, expected, message: () => 'mismatched' }
    const message = withNewQueries(result, queries).message()
    expect(message).toMatch(/^mismatched\n\nNot in the snapshot/)
    expect(message).toContain('select * from "books" where "author_id" = $1')
    expect(message).not.toContain('select * from "authors"')
    expect(message).toContain('Cure: ')
    expect(message).not.toContain('Meant to be so?')
  })

  it('leaves a message as it is where queries are missing, and where there is no snapshot', async () => {
    const queries = await captureQueries(() => listBooks(library.db))
    for (const expected of [`1x delete books\n${querySnapshotOf(queries)}`, undefined]) {
      const result = { pass: false, expected, message: () => 'mismatched' }
      expect(withNewQueries(result, queries).message()).toBe('mismatched')
    }
  })
})

describe('the snapshot matchers', () => {
  it('cannot be negated, and take captured queries and one string', async () => {
    const queries = await captureQueries(() => listBooks(library.db))
    expect(() => expect(queries).not.toMatchQuerySnapshot()).toThrow('cannot be negated with .not')
    expect(() => expect(listBooks as unknown).toMatchQuerySnapshot()).toThrow('takes captured queries')
    expect(() => (expect(queries) as any).toMatchQuerySnapshot({})).toThrow('takes one string at most')
  })
})
