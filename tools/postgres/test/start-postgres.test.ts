import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createDatabase, startPostgres, type PostgresServer } from '../src/index.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(async () => {
  await server.stop()
})

async function query(connectionString: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('startPostgres', () => {
  it('gives a server that answers', async () => {
    const rows = await query(server.connectionString, 'select 1 as one')
    expect(rows).toEqual([{ one: 1 }])
    expect(server.version).toMatch(/^\d+\.\d+/)
  })

  it('leaves a server that runs already alone', async () => {
    const running = await startPostgres({ connectionString: server.connectionString })
    await running.stop()
    expect(running.version).toBe(server.version)
    expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('says which server does not answer, without its password', async () => {
    const connectionString = 'postgres://someone:secret@127.0.0.1:1/db'
    const failure = await startPostgres({ connectionString }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toMatch('postgres://someone:***@127.0.0.1:1/db')
    expect(String(failure)).toMatch('ECONNREFUSED')
    expect(String(failure)).not.toMatch('secret')
  })
})

describe('createDatabase', () => {
  it('gives an empty database and drops it with its sessions', async () => {
    const database = await createDatabase(server)
    await query(database.connectionString, 'create table t (a int)')
    const session = new Client({ connectionString: database.connectionString })
    session.on('error', () => {})
    await session.connect()
    await database.drop()
    await expect(query(database.connectionString, 'select 1')).rejects.toThrow('does not exist')
  })
})
