import { runInScope, type DetectOptions } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { createStubDialect } from '../support/stub-dialect.ts'
import { readAuthorTwice } from './loops.ts'
import type { Blog } from './scenario.ts'

const reason = 'read twice on purpose'
const strict: DetectOptions = { mode: 'throw', allow: [{ table: 'authors', reason }] }
const db = new Kysely<Blog>(querylens({ dialect: createStubDialect() }, { detect: strict }))

const { closed } = collectFindings()

async function readPostTwice(): Promise<void> {
  for (let count = 0; count < 2; count++)
    await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
}

it('keeps the mode and the allowances of the database where the scope sets another option', async () => {
  const detect: DetectOptions = { poolWait: false }
  await runInScope('allowed', () => readAuthorTwice(db), { detect })
  await expect(runInScope('refused', readPostTwice, { detect })).rejects.toThrow(
    expect.objectContaining({ code: 'QUERYLENS_FINDING' }) as Error,
  )
  expect(closed.map(({ scope }) => scope.name)).toEqual(['refused'])
})

it('adds the allowances of the scope to those of the database', async () => {
  const detect: DetectOptions = { allow: [{ table: 'posts', reason }] }
  await runInScope('allowed', () => readAuthorTwice(db), { detect })
  await runInScope('also allowed', readPostTwice, { detect })
  expect(closed).toEqual([])
})
