import { currentScope, runInScope } from '@querylens/core'
import { describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { useBlog } from './blog.ts'

const blog = useBlog()
const { opened } = collectFindings()
const NAMES = Array.from({ length: 8 }, (_, index) => `name ${index}`)

/** Runs in a scope that is not among those in which Querylens captures all stacks. */
async function inColdScope(work: () => Promise<unknown>): Promise<void> {
  // The first hundred scopes capture all stacks, and every sixteenth after them.
  for (let scope = 0; scope < 100; scope++) runInScope('one of the first', () => undefined)
  const id = runInScope('next', () => currentScope()!.id)
  if (id % 16 === 15) runInScope('a sixteenth', () => undefined)
  await runInScope('cold', work)
}

const findByName = (name: string): Promise<unknown> =>
  blog.db.selectFrom('authors').select('name').where('name', '=', name).execute()
const findByTitle = (title: string): Promise<unknown> =>
  blog.db.selectFrom('posts').select('title').where('title', '=', title).execute()

async function oneByOne(): Promise<void> {
  for (const name of NAMES) await findByName(name)
}

const together = (): Promise<unknown> => Promise.all(NAMES.map((title) => findByTitle(title)))

/** The count of each finding, the function of its query, and the one that calls that. */
const seen = (): unknown[] =>
  opened.map(({ count, path }) => [count, ...path.slice(0, 2).map((site) => site.function)])

describe('in a scope that captures the stacks of repeating statements only', () => {
  it('a loop has its path when the process runs the statement for the first time', async () => {
    await inColdScope(oneByOne)
    expect(seen()).toEqual([[8, 'findByName', 'oneByOne']])
  })

  it('a parallel loop has its path once the process has run the statement', async () => {
    await runInScope('first', () => findByTitle('a title'))
    await inColdScope(together)
    expect(seen()).toEqual([[8, 'findByTitle', 'together']])
  })
})
