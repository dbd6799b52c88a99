import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { createDatabase, startPostgres, type PostgresServer } from '../../src/index.ts'

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

function isFalse(): boolean {
  return false
}

function refusesConnections(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}

describe('startPostgres', () => {
  it('starts a server', async () => {
    const rows = await query(server.connectionString, 'select 1 as one')
    expect(rows).toEqual([{ one: 1 }])
    expect(server.version).toMatch(/^\d+\.\d+/)
  })

  it('does not stop a server that it did not start', async () => {
    const running = await startPostgres({ connectionString: server.connectionString })
    await running.stop()
    expect(running.version).toBe(server.version)
    expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('stops the server when the process ends in any way', async () => {
    const { DATABASE_URL: _running, ...env } = process.env
    const host = spawn(
      process.execPath,
      [fileURLToPath(new URL('fixtures/start-and-die.ts', import.meta.url))],
      {
        env,
      },
    )
    const connectionString = await text(host.stdout)
    expect(host.signalCode ?? (await once(host, 'exit'))[1]).toBe('SIGKILL')
    expect(connectionString).toMatch(/^postgres:/)
    await vi.waitUntil(() => query(connectionString, 'select 1').then(isFalse, refusesConnections), 20_000)
  })

  it('reports why a server does not start', async () => {
    const { DATABASE_URL } = process.env
    delete process.env['DATABASE_URL']
    try {
      const failure = await startPostgres({ settings: { work_mem: 'plenty' } }).catch(String)
      expect(failure).toMatch(/PostgreSQL did not start: .*work_mem.*plenty.*DATABASE_URL/s)
    } finally {
      if (DATABASE_URL !== undefined) process.env['DATABASE_URL'] = DATABASE_URL
    }
  })

  it('applies settings to the embedded server', async () => {
    const { DATABASE_URL } = process.env
    delete process.env['DATABASE_URL']
    try {
      const own = await startPostgres({ settings: { work_mem: '1MB' } })
      const rows = await query(own.connectionString, 'show work_mem').finally(own.stop)
      expect(rows).toEqual([{ work_mem: '1MB' }])
      await expect(query(own.connectionString, 'select 1')).rejects.toThrow('ECONNREFUSED')
    } finally {
      if (DATABASE_URL !== undefined) process.env['DATABASE_URL'] = DATABASE_URL
    }
  })

  it('names a server that does not respond, without its password', async () => {
    const connectionString = 'postgres://someone:secret@127.0.0.1:1/db'
    const failure = await startPostgres({ connectionString }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toMatch('postgres://someone:***@127.0.0.1:1/db')
    expect(String(failure)).toMatch('ECONNREFUSED')
    expect(String(failure)).not.toMatch('secret')
  })
})

describe('createDatabase', () => {
  it('creates an empty database and drops it with its sessions', async () => {
    const database = await createDatabase(server)
    await query(database.connectionString, 'create table t (a int)')
    const session = new Client({ connectionString: database.connectionString })
    session.on('error', () => {})
    await session.connect()
    await database.drop()
    await expect(query(database.connectionString, 'select 1')).rejects.toThrow('does not exist')
  })
})
