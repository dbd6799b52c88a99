import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'

import * as kysely from 'kysely'
import { Kysely, sql } from 'kysely'
import { satisfies } from 'semver'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'

import { querylens } from '../../src/index.js'
import type { Database } from '../support/database.js'
import { createPostgresDialect } from '../support/postgres-dialect.js'
import { recordExecutions } from '../support/record-executions.js'
import { createTestDatabase } from '../support/test-database.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The development dependency that `kysely` stands for in this run. @default 'kysely' */
    readonly kyselyPackage?: string
  }
}

interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const name = inject('kyselyPackage') ?? 'kysely'
const ours = readManifest('..')
const { version } = readManifest(name)

function readManifest(specifier: string): Manifest {
  return JSON.parse(readFileSync(findPackageJSON(specifier, import.meta.url) ?? '', 'utf8')) as Manifest
}

describe(`Kysely ${version}`, () => {
  const recording = recordExecutions()
  let db: Kysely<Database>
  let close: () => Promise<void>

  beforeAll(async () => {
    const { connectionString, drop } = await createTestDatabase()
    db = new Kysely<Database>(querylens(createPostgresDialect({ connectionString })))
    close = () => db.destroy().then(drop)
  })
  afterAll(() => close())

  it('is the version that this run is for', async () => {
    expect(ours.devDependencies[name]?.replace('npm:kysely@', '')).toBe(version)
    expect(Kysely).toBe(((await import(/* @vite-ignore */ name)) as typeof kysely).Kysely)
  })

  it('is in the range of the peer dependency', () => {
    expect(satisfies(version, ours.peerDependencies['kysely'] ?? '')).toBe(true)
  })

  it('shows a commit that PostgreSQL answers with ROLLBACK, where Kysely reads the answer', async () => {
    await db
      .transaction()
      .execute((trx) => sql`select 1 / 0`.execute(trx).catch(() => {}))
      .catch(() => {})
    const [transaction] = recording.transactions
    expect({ failed: transaction?.failed, committed: transaction?.outcome === 'committed' }).toEqual(
      'AbortedTransactionError' in kysely
        ? { failed: true, committed: false }
        : { failed: false, committed: true },
    )
  })
})
