import { diagnostics, runInScope, type DetectOptions } from '@querylens/core'
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { useBlog } from './blog.ts'
import { insertComments, readAuthorTwice, readCommentsOfPosts } from './loops.ts'

const blog = useBlog()
const { opened, closed } = collectFindings()
const warning: { readonly detect: DetectOptions } = { detect: { mode: 'warn' } }
let warn: MockInstance<typeof console.warn>

beforeEach(() => (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
afterEach(() => warn.mockRestore())

describe('mode warn', () => {
  it('writes one line for each path to a query when the scope ends', async () => {
    await runInScope(
      'first',
      async () => {
        await readCommentsOfPosts(blog.db)
        expect(opened).toHaveLength(1)
        expect(warn).not.toHaveBeenCalled()
      },
      warning,
    )
    expect(warn.mock.calls).toEqual([[`querylens: n_plus_one in first: ${closed[0]!.message}`]])
    expect(closed[0]!.message).toMatch(
      /^6x select comments.* at readComments \(.*\/loops\.ts:30\) ← readCommentsOfPosts \(packages\/.*\/loops\.ts:8\); /,
    )
    expect(closed[0]!.message).not.toContain('\n')
    await runInScope('second', () => readCommentsOfPosts(blog.db), warning)
    expect(closed).toHaveLength(2)
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('writes one line for each call site and kind', async () => {
    const work = async (): Promise<void> => {
      for (const name of ['one', 'two'])
        await blog.db.selectFrom('authors').selectAll().where('name', '=', name).execute()
      for (let count = 0; count < 2; count++) await blog.db.selectFrom('posts').selectAll().execute()
      for (let count = 0; count < 2; count++) await blog.db.selectFrom('documents').selectAll().execute()
    }
    await runInScope('job', work, { detect: { mode: 'warn', nPlusOne: { atLeast: 2 } } })
    expect(warn.mock.calls.map(([line]) => String(line).split(':')[1])).toEqual([
      ' n_plus_one in job',
      ' duplicate_query in job',
      ' duplicate_query in job',
    ])
  })

  it('counts a fault if the console throws', async () => {
    warn.mockImplementation(() => {
      throw new Error('no console')
    })
    const faults = diagnostics().faults
    const work = async (): Promise<string> => {
      await readAuthorTwice(blog.db)
      await insertComments(blog.db)
      return 'done'
    }
    await expect(runInScope('job', work, warning)).resolves.toBe('done')
    expect(closed.map(({ kind }) => kind)).toEqual(['duplicate_query', 'n_plus_one_write'])
    expect(diagnostics().faults).toBe(faults + 2)
  })
})

describe('mode report', () => {
  it('writes nothing', async () => {
    await runInScope('job', () => blog.db.connection().execute(readAuthorTwice), {
      detect: { mode: 'report' },
    })
    expect(closed).toHaveLength(1)
    expect(warn).not.toHaveBeenCalled()
  })
})
