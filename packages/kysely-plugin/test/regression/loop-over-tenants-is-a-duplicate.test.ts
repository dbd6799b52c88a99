import { runInScope } from '@querylens/core'
import { Kysely } from 'kysely'
import { expect, it } from 'vitest'

import { querylens } from '../../src/index.js'
import { collectFindings } from '../support/collect-findings.js'
import { createStubDialect } from '../support/stub-dialect.js'

const findings = collectFindings()

it('one query in the schema of each tenant is neither a duplicate nor a loop, although the names are merged', async () => {
  const dialect = createStubDialect(() => ({ rows: [{ id: 7 }] }))
  const db = new Kysely<{ orders: { id: number } }>(querylens({ dialect }, { mergeNames: true }))
  const run = (tenantOf: (index: number) => string) =>
    runInScope('job', async () => {
      for (let index = 0; index < 9; index++) {
        const orders = db.withSchema(tenantOf(index)).selectFrom('orders')
        await orders.select('id').execute()
        await orders.select('id').where('id', '=', index).execute()
      }
    })
  await run((index) => `tenant_${index}`)
  expect(findings.closed).toEqual([])
  await run(() => 'tenant_1')
  expect(findings.closed.map(({ kind, summary }) => [kind, summary])).toEqual([
    ['duplicate_query', 'select tenant_?.orders'],
    ['n_plus_one', 'select tenant_?.orders'],
  ])
})
