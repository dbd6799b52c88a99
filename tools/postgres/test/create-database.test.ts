import { once } from 'node:events'

import { createDatabase } from '@querylens/tool-postgres'
import { Client } from 'pg'
import { expect, it } from 'vitest'

const server = process.env['QUERYLENS_TEST_DATABASE_URL'] ?? ''

it('lets a session that is closing end by itself when it drops the database', async () => {
  const database = await createDatabase(server)
  const client = new Client({ connectionString: database.connectionString })
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  await client.connect()
  const closed = once(client, 'end')
  // The end of a pool does not wait for its connections either. The message arrives while the database is dropped.
  setTimeout(() => void client.end(), 100)
  await database.drop()
  await closed
  expect(errors).toEqual([])
})

it('ends the session that stays open', async () => {
  const database = await createDatabase(server)
  const client = new Client({ connectionString: database.connectionString })
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  await client.connect()
  await database.drop()
  if (errors.length === 0) await once(client, 'end')
  expect(errors[0]).toMatchObject({ code: '57P01' })
})
