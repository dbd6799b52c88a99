import { runInScope, type DetectOptions } from '@querylens/core'
import { isRecordingQueries } from '@querylens/core/recorder'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { readAuthorTwice } from './loops.ts'
import type { Blog } from './scenario.ts'

const db = new Kysely<Blog>(querylens({ dialect: createStubDialect() }))
const never: DetectOptions = { duplicateQuery: false }

describe('the findings of a scope', () => {
  const { opened, closed } = collectFindings()
  const names = (): string[] => closed.map(({ scope }) => scope.name)

  it.each([
    ['a promise', async (error: Error) => Promise.reject(error)],
    [
      'an exception',
      (error: Error) => {
        throw error
      },
    ],
  ])('are closed where the work ends with %s, which stays as it is', async (_, fail) => {
    const error = new Error('original')
    const work = async (): Promise<void> => {
      await readAuthorTwice(db)
      await fail(error)
    }
    await expect(runInScope('job', work, { detect: { mode: 'report' } })).rejects.toBe(error)
    expect(closed).toEqual(opened)
    expect(closed).toMatchObject([{ kind: 'duplicate_query', closed: true, count: 2 }])
  })

  it('are those of its own options, beside other scopes', async () => {
    await Promise.all([
      runInScope('off', () => readAuthorTwice(db), { detect: never }),
      runInScope('on', () => readAuthorTwice(db)),
      runInScope('none', () => readAuthorTwice(db), { detect: false }),
      runInScope('explicit', () => readAuthorTwice(db), { detect: true }),
    ])
    expect(names().toSorted()).toEqual(['explicit', 'on'])
  })

  it.each<[string, DetectOptions | boolean | undefined, DetectOptions | boolean | undefined, string[]]>([
    ['are inherited by the scopes in it', never, undefined, []],
    ['are none in the scopes of one without', false, undefined, []],
    ['may be of other options in the scopes in it', never, true, ['inner']],
    ['may be none in the scopes in it', undefined, false, ['outer']],
  ])('%s', async (_, outer, inner, expected) => {
    const work = async (): Promise<void> => {
      await readAuthorTwice(db)
      await runInScope('inner', () => readAuthorTwice(db), { detect: inner })
    }
    await runInScope('outer', work, { detect: outer })
    expect(names()).toEqual(expected)
  })

  it('are none where the database has them switched off, unless the scope asks for them', async () => {
    const off = new Kysely<Blog>(querylens({ dialect: createStubDialect() }, { detect: false }))
    await runInScope('job', () => readAuthorTwice(off))
    expect(closed).toEqual([])
    await runInScope('job', () => readAuthorTwice(off), { detect: {} })
    expect(closed).toHaveLength(1)
  })

  it('are told apart by database where each has its own options', async () => {
    const other = new Kysely<Blog>(
      querylens({ dialect: createStubDialect() }, { detect: never, poolName: 'other' }),
    )
    await runInScope('job', async () => {
      await readAuthorTwice(other)
      await readAuthorTwice(db)
    })
    expect(closed.map(({ database }) => database?.poolName)).toEqual(['mysql'])
  })

  it('count three and three of two scopes at once as three', async () => {
    const work = async (): Promise<void> => {
      for (const id of [301, 302, 303])
        await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
    await Promise.all([runInScope('one', work), runInScope('other', work)])
    expect(opened).toEqual([])
    await runInScope('one', () => Promise.all([work(), work()]))
    expect(names()).toEqual(['one'])
  })
})

describe('a scope that asks for warnings', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
  afterEach(() => void vi.restoreAllMocks())
  const warning: { readonly detect: DetectOptions } = { detect: { mode: 'warn' } }

  it('is recorded, and nothing after it, however it ends', async () => {
    expect(isRecordingQueries()).toBe(false)
    const error = new Error('original')
    const seen: boolean[] = []
    await runInScope('ends well', async () => void seen.push(isRecordingQueries()), warning)
    seen.push(isRecordingQueries())
    await runInScope('rejects', () => Promise.reject(error), warning).catch(() => {})
    seen.push(isRecordingQueries())
    expect(() =>
      runInScope(
        'throws',
        () => {
          throw error
        },
        warning,
      ),
    ).toThrow(error)
    seen.push(isRecordingQueries())
    expect(seen).toEqual([true, false, false, false])
  })

  it('is recorded until the last of those in it has ended', async () => {
    const seen: boolean[] = []
    await runInScope(
      'outer',
      async () => {
        await runInScope('inherits', async () => {})
        await runInScope('has none', async () => {}, { detect: false })
        seen.push(isRecordingQueries())
      },
      warning,
    )
    seen.push(isRecordingQueries())
    expect(seen).toEqual([true, false])
  })

  it('warns though nobody listens', async () => {
    await runInScope('job', () => readAuthorTwice(db), warning)
    expect(console.warn).toHaveBeenCalledWith(expect.stringMatching(/^querylens: duplicate_query: 2x /))
  })

  it('is recorded no more where the options are wrong', () => {
    const wrong = { detect: { mode: 'warn', nPlusOne: 1 } as never }
    expect(() => runInScope('job', () => {}, wrong)).toThrow(/nPlusOne/)
    expect(isRecordingQueries()).toBe(false)
  })
})
