import { withoutFindings, runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { recordExecutions } from '../support/record-executions.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { insertComments, readAuthorTwice } from './loops.ts'
import type { Blog } from './scenario.ts'

const db = new Kysely<Blog>(querylens({ dialect: createStubDialect() }))
const { closed } = collectFindings()
const recording = recordExecutions()

/** A lazy query, which runs when it is awaited. */
function lazily(work: () => Promise<void>): PromiseLike<void> {
  // oxlint-disable-next-line unicorn/no-thenable -- lazy queries are thenables
  return { then: (onDone, onFailure) => work().then(onDone, onFailure) }
}

describe('withoutFindings', () => {
  it('records statements and keeps them out of findings', async () => {
    await runInScope('job', () => withoutFindings(() => insertComments(db)))
    expect(closed).toEqual([])
    expect(recording.queries).toHaveLength(6)
    expect(recording.queries[0]?.scope?.queryCount).toBe(6)
  })

  it('returns the result of the work and throws its error', async () => {
    const error = new Error('original')
    expect(withoutFindings(() => 1)).toBe(1)
    await expect(withoutFindings(async () => 2)).resolves.toBe(2)
    await expect(withoutFindings(() => Promise.reject(error))).rejects.toBe(error)
    expect(() =>
      withoutFindings(() => {
        throw error
      }),
    ).toThrow(error)
    const promise = Promise.resolve(3)
    expect(withoutFindings(() => promise)).toBe(promise)
  })

  it.each<[string, () => PromiseLike<unknown>]>([
    ['a nested call', () => withoutFindings(() => withoutFindings(() => insertComments(db)))],
    [
      'the rest of an outer call',
      () =>
        withoutFindings(async () => {
          await withoutFindings(async () => {
            throw new Error('inner')
          }).catch(() => {})
          await insertComments(db)
        }),
    ],
    ['a lazy query', () => withoutFindings(() => lazily(() => insertComments(db)))],
    ['an inner scope', () => withoutFindings(() => runInScope('inner', () => insertComments(db)))],
  ])('applies to %s', async (_, work) => {
    await runInScope('job', work)
    expect(closed).toEqual([])
  })

  it.each<[string, () => void | Promise<unknown>]>([
    ['that ended', () => withoutFindings(async () => {})],
    ['that was rejected', () => withoutFindings(() => Promise.reject(new Error('no'))).catch(() => {})],
    [
      'that threw',
      () =>
        expect(() =>
          withoutFindings(() => {
            throw new Error('no')
          }),
        ).toThrow('no'),
    ],
  ])('does not apply after work %s', async (_, before) => {
    await runInScope('job', async () => {
      await before()
      await insertComments(db)
    })
    expect(closed.map(({ kind }) => kind)).toEqual(['n_plus_one_write'])
  })

  it('does not apply to concurrent code', async () => {
    await runInScope('job', () =>
      Promise.all([withoutFindings(() => readAuthorTwice(db)), insertComments(db)]),
    )
    expect(closed.map(({ kind }) => kind)).toEqual(['n_plus_one_write'])
  })

  it('takes its writes into account', async () => {
    const read = () => db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    await runInScope('job', async () => {
      await read()
      await withoutFindings(() => db.updateTable('posts').set({ title: 'new' }).execute())
      await read()
    })
    expect(closed).toEqual([])
  })

  it.each([[undefined], [42], [{}]])('rejects %j', (work) => {
    expect(() => withoutFindings(work as never)).toThrow(
      expect.objectContaining({
        code: 'QUERYLENS_INVALID_ARGUMENT',
        message: expect.stringMatching(/^withoutFindings\(work\) takes a function, but got /),
      }) as Error,
    )
  })
})
