import { assertScalesConstantly } from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import '../../src/vitest/index.js'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase
beforeAll(async () => void (library = await openLibrary()))
afterAll(() => library.close())

/** Leaves so many authors with one book each. */
async function populate(size: number): Promise<void> {
  await library.db.deleteFrom('books').execute()
  await library.db.deleteFrom('authors').execute()
  for (let index = 0; index < size; index++) {
    const { id } = await library.db
      .insertInto('authors')
      .values({ name: `author ${index}` })
      .returning('id')
      .executeTakeFirstOrThrow()
    await library.db.insertInto('books').values({ author_id: id, title: 'a book' }).execute()
  }
}

/** Reads the books of all authors with one query, whose list has one value for each author. */
async function listBooksAtOnce(): Promise<readonly object[]> {
  const authors = await library.db.selectFrom('authors').select('id').execute()
  const ids = authors.map(({ id }) => id)
  return library.db.selectFrom('books').selectAll().where('author_id', 'in', ids).execute()
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'passed',
    (error: unknown) => (error as Error).message,
  )

describe('assertScalesConstantly', () => {
  it('passes where lists grow, and no statement runs more often', async () => {
    await assertScalesConstantly(listBooksAtOnce, { populate, sizes: [1, 3, 9] })
  })

  it('compares with every smaller size, not with the one before alone', async () => {
    // Once with 1, twice with 2, twice with 3, and so on: each step is within the tolerance.
    const work = async (size: number): Promise<void> => {
      for (let times = 0; times < size; times++) await library.db.selectFrom('books').select('id').execute()
    }
    const options = { populate: () => {}, sizes: [1, 2, 3], tolerance: 1 }
    expect(await messageOf(assertScalesConstantly(work, options))).toContain(
      '1x with 1, 2x with 2, 3x with 3',
    )
  })

  it('says which statement grew, and how', async () => {
    const message = await messageOf(assertScalesConstantly(() => listBooks(library.db), { populate }))
    expect(message).toContain(
      `Expected the same queries with each size, but 1 statement runs more often with a larger one:
  select books where author_id = ?   2x with 2, 20x with 20 (one for each)
Queries in all: 3 with 2, 21 with 20

With 20 (`,
    )
    expect(message).toContain('select * from "books" where "author_id" = $1')
    expect(message).not.toContain('select * from "authors"')
    expect(message).toContain('N+1, one for each row of select authors')
    expect(message).toMatch(
      /\nCure: load them all with one query.*\n.*\nMeant to be so\? \{ tolerance: 18 \}$/,
    )
  })

  it('passes the size to the function, which may make its own data', async () => {
    const sizes: number[] = []
    const work = async (size: number): Promise<void> => {
      sizes.push(size)
      for (let index = 0; index < size * size; index++) await sql`select ${index}::int`.execute(library.db)
    }
    const message = await messageOf(assertScalesConstantly(work, { sizes: [2, 4] }))
    expect(sizes).toEqual([2, 4])
    expect(message).toContain('select ?   4x with 2, 16x with 4 (6 for each)')
  })

  it('does not take a statement that runs once, or less often, for growth', async () => {
    const work = async (size: number): Promise<void> => {
      await library.db.selectFrom('books').select('id').execute()
      if (size > 2) await library.db.selectFrom('authors').select('id').execute()
      else await library.db.selectFrom('books').select('id').execute()
    }
    await assertScalesConstantly(work)
  })

  it('compares each size with all smaller ones', async () => {
    const repeats = new Map([
      [1, 5],
      [2, 1],
      [3, 4],
    ])
    const work = async (size: number): Promise<void> => {
      for (let index = 0; index < repeats.get(size)!; index++) await sql`select 1`.execute(library.db)
    }
    expect(await messageOf(assertScalesConstantly(work, { sizes: [1, 2, 3] }))).toContain(
      'select ?   5x with 1, 1x with 2, 4x with 3\n',
    )
  })

  it('allows the growth that is tolerated', async () => {
    const inChunks = async (size: number): Promise<void> => {
      for (let from = 0; from < size; from += 10) await sql`select ${from}::int`.execute(library.db)
    }
    await assertScalesConstantly(inChunks, { sizes: [10, 30], tolerance: 2 })
    expect(await messageOf(assertScalesConstantly(inChunks, { sizes: [10, 30], tolerance: 1 }))).toContain(
      '1x with 10, 3x with 30 (0.1 for each)',
    )
  })

  it('fails where a size has no query', async () => {
    const work = (size: number) =>
      size === 20 ? undefined : library.db.selectFrom('books').select('id').execute()
    expect(await messageOf(assertScalesConstantly(work))).toMatch(/^Expected queries with 20, got none\./)
  })

  it('does not count the queries of populate, nor mask its errors and those of the function', async () => {
    const error = new Error('of the test')
    const fail = (): never => {
      throw error
    }
    await expect(assertScalesConstantly(listBooksAtOnce, { populate: fail })).rejects.toBe(error)
    await expect(assertScalesConstantly(fail, { populate })).rejects.toBe(error)
  })

  it('refuses wrong arguments', async () => {
    const refuse = (options: object): Promise<string> =>
      messageOf(assertScalesConstantly(listBooksAtOnce, options))
    expect(await refuse({ sizes: [2] })).toContain("'sizes'")
    expect(await refuse({ sizes: [20, 2] })).toContain("'sizes'")
    expect(await refuse({ size: [2, 20] })).toContain("'size'")
    expect(await refuse({ capture: { size: 2 }, populate })).toContain("'size'")
    expect(await refuse({})).toBe(
      'assertScalesConstantly() compares nothing: neither the data nor the function depends on the size. Pass { populate: (size) => … }, which makes so many rows, or take the size as the first parameter of the function, without a default: (size) => ….',
    )
    expect(await messageOf(assertScalesConstantly(listBooksAtOnce() as never))).toContain('takes a function')
  })
})

describe('toScaleConstantly', () => {
  it('passes and fails, also negated', async () => {
    await expect(listBooksAtOnce).toScaleConstantly({ populate })
    await expect(() => listBooks(library.db)).not.toScaleConstantly({ populate })
    expect(await messageOf(expect(() => listBooks(library.db)).toScaleConstantly({ populate }))).toMatch(
      /^Expected the same queries with each size/,
    )
    expect(await messageOf(expect(listBooksAtOnce).toScaleConstantly())).toContain('compares nothing')
    expect(await messageOf(expect(listBooksAtOnce).not.toScaleConstantly())).toContain('compares nothing')
    expect(await messageOf(expect(listBooksAtOnce).not.toScaleConstantly({ populate }))).toBe(
      'Expected a statement that runs more often with a larger size, but none does. Queries in all: 2 with 2, 2 with 20.',
    )
  })
})
