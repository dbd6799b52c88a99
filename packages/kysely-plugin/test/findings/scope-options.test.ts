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

describe('runInScope with detect', () => {
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
  ])('closes findings and passes on the error when the work ends with %s', async (_, fail) => {
    const error = new Error('original')
    const work = async (): Promise<void> => {
      await readAuthorTwice(db)
      await fail(error)
    }
    await expect(runInScope('job', work, { detect: { mode: 'report' } })).rejects.toBe(error)
    expect(closed).toEqual(opened)
    expect(closed).toMatchObject([{ kind: 'duplicate_query', closed: true, count: 2 }])
  })

  it('applies options to one of several concurrent scopes', async () => {
    await Promise.all([
      runInScope('off', () => readAuthorTwice(db), { detect: never }),
      runInScope('on', () => readAuthorTwice(db)),
      runInScope('none', () => readAuthorTwice(db), { detect: false }),
      runInScope('explicit', () => readAuthorTwice(db), { detect: true }),
    ])
    expect(names().toSorted()).toEqual(['explicit', 'on'])
  })

  it.each<[string, DetectOptions | boolean | undefined, DetectOptions | boolean | undefined, string[]]>([
    ['applies options to inner scopes', never, undefined, []],
    ['applies false to inner scopes', false, undefined, []],
    ['keeps the options in an inner scope with true', never, true, []],
    ['lets an inner scope override a field', never, { duplicateQuery: true }, ['inner']],
    ['switches detection on in an inner scope', false, true, ['inner']],
    ['lets an inner scope switch detection off', undefined, false, ['outer']],
  ])('%s', async (_, outer, inner, expected) => {
    const work = async (): Promise<void> => {
      await readAuthorTwice(db)
      await runInScope('inner', () => readAuthorTwice(db), { detect: inner })
    }
    await runInScope('outer', work, { detect: outer })
    expect(names()).toEqual(expected)
  })

  it('switches detection on for a database with detect: false', async () => {
    const off = new Kysely<Blog>(querylens({ dialect: createStubDialect() }, { detect: false }))
    await runInScope('job', () => readAuthorTwice(off))
    expect(closed).toEqual([])
    await runInScope('job', () => readAuthorTwice(off), { detect: {} })
    expect(closed).toHaveLength(1)
  })

  it('applies the options of each database without options of the scope', async () => {
    const other = new Kysely<Blog>(
      querylens({ dialect: createStubDialect() }, { detect: never, poolName: 'other' }),
    )
    await runInScope('job', async () => {
      await readAuthorTwice(other)
      await readAuthorTwice(db)
    })
    expect(closed.map(({ database }) => database?.poolName)).toEqual(['mysql'])
  })

  it('counts the executions of concurrent scopes separately', async () => {
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

describe('runInScope in the mode warn', () => {
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
  afterEach(() => void vi.restoreAllMocks())
  const warning: { readonly detect: DetectOptions } = { detect: { mode: 'warn' } }

  it('records queries until the scope ends, with or without an error', async () => {
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

  it('records queries until the outer scope ends', async () => {
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

  it('warns without subscribers', async () => {
    await runInScope('job', () => readAuthorTwice(db), warning)
    expect(console.warn).toHaveBeenCalledWith(
      expect.stringMatching(/^querylens: duplicate_query in job: 2x /),
    )
  })

  it('records no queries after invalid options', () => {
    const wrong = { detect: { mode: 'warn', nPlusOne: 1 } as never }
    expect(() => runInScope('job', () => {}, wrong)).toThrow(/nPlusOne/)
    expect(isRecordingQueries()).toBe(false)
  })
})
