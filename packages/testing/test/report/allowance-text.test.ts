import type { Allowance, CallSite, Finding } from '@querylens/core'
import { assertNoFindings, captureQueries } from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeAllowance } from '../../src/report/allowance-text.js'
import { authorPages, countBooks } from '../support/catalog.ts'
import { failureOf } from '../support/failure.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase
let finding: Finding

beforeAll(async () => {
  library = await openLibrary({ detect: { chattyScope: { atLeast: 6 } } })
  const queries = await captureQueries(() => authorPages(library.db))
  finding = queries.findings[0]!
})
afterAll(() => library.close())

/** Reads an allowance from the text of a failure, as a user pastes it, with a reason. */
function pasted(text: string): Allowance {
  return { ...(new Function(`return (${text})`)() as Allowance), reason: 'few rows' }
}

const at = (site: Partial<CallSite>): Finding => {
  const callSite: CallSite = { file: 'src/app.ts', line: 3, column: 5, function: 'listBooks', ...site }
  return { ...finding, callSite, frames: [callSite] }
}

describe('the allowance of a failure', () => {
  it.each([
    ['a loop', (library: LibraryDatabase) => authorPages(library.db)],
    ['a duplicate', (library: LibraryDatabase) => countBooks(library.db)],
    [
      'a loop in a function without a name',
      async ({ db }: LibraryDatabase) => {
        const authors = await db.selectFrom('authors').selectAll().execute()
        for (const { id } of authors) {
          await db.selectFrom('books').selectAll().where('author_id', '=', id).execute()
        }
      },
    ],
  ])('accepts %s where it is pasted', async (_, work: (library: LibraryDatabase) => Promise<unknown>) => {
    const queries = await captureQueries(() => work(library))
    const failure = await failureOf(() => assertNoFindings(queries))
    // Support files are the application here; in the message their path is shortened.
    const texts = [...failure.matchAll(/^Meant to be so\? (.+)$/gm)].map(([, text]) => text!)
    expect(texts).not.toEqual([])
    assertNoFindings(queries, { allow: texts.map(pasted) })
    await captureQueries(() => work(library), { detect: { mode: 'throw', allow: texts.map(pasted) } })
  })

  it.each([
    [{}, "{ callSite: 'src/app.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }"],
    [{ function: '#load' }, "{ callSite: 'src/app.ts##load', kinds: ['n_plus_one'], reason: '…' }"],
    [
      { function: undefined },
      "{ callSite: 'src/app.ts', table: 'books', kinds: ['n_plus_one'], reason: '…' }",
    ],
    [
      { file: '/other/place/lib/app.ts' },
      "{ callSite: 'lib/app.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }",
    ],
    [
      { file: 'C:/place/lib/app.ts' },
      "{ callSite: 'lib/app.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }",
    ],
    [{ file: "src/it's.ts" }, "{ callSite: 'src/it\\'s.ts#listBooks', kinds: ['n_plus_one'], reason: '…' }"],
    [
      { file: 'src/[id]/page.tsx' },
      "{ callSite: 'src/[id]/page.tsx#listBooks', kinds: ['n_plus_one'], reason: '…' }",
    ],
    [{ file: 'src/no-extension' }, `{ fingerprint: 'FINGERPRINT', kinds: ['n_plus_one'], reason: '…' }`],
  ])('of the call site %o', (site, expected) => {
    expect(describeAllowance(at(site))).toBe(expected.replace('FINGERPRINT', finding.fingerprint!))
  })

  it('names the scope where no statement is the cause', () => {
    const chatty = {
      ...finding,
      kind: 'chatty_scope',
      callSite: undefined,
      execution: undefined,
      fingerprint: undefined,
    } as const
    expect(describeAllowance(chatty)).toBe(
      "{ scope: 'captureQueries', kinds: ['chatty_scope'], reason: '…' }",
    )
    const scope = { ...finding.scope, name: "lists\r\n author's" }
    expect(describeAllowance({ ...chatty, scope })).toBe(
      "{ scope: 'lists\\r\\n author\\'s', kinds: ['chatty_scope'], reason: '…' }",
    )
  })
})
