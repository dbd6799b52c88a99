import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { CHANGING_WITH_TRANSACTION, STABLE_IN_POSTGRESQL } from '../../core/src/sql/functions/postgresql.js'
import { createTestDatabase } from './support/test-database.ts'

/** Immutable functions, without those that PostgreSQL calls for types, operators, aggregates and indexes. */
const PUBLIC_FUNCTIONS = `
  select proname as name from pg_proc as p
  where pronamespace = 'pg_catalog'::regnamespace and prokind in ('f', 'a', 'w')
  and not exists (
    select from unnest(proargtypes::oid[] || prorettype) as type
    where type in ('internal'::regtype, 'cstring'::regtype, 'trigger'::regtype)
  )
  and p.oid not in (select oprcode from pg_operator)
  and p.oid not in (select aggtransfn from pg_aggregate union all select aggfinalfn from pg_aggregate)
  and p.oid not in (select aggcombinefn from pg_aggregate union all select amproc from pg_amproc)
  and p.oid not in (select oprrest from pg_operator union all select oprjoin from pg_operator)
  group by proname having bool_or(provolatile = 'i') and not bool_or(provolatile = 'v')`
/** More such functions, casts that are not written as calls, and functions about the server. */
const NOT_CALLED =
  /send$|typmodin$|_subdiff$|_canonical$|validator$|^(?:pg|txid|icu|numeric|similar|satisfies|xml|acl|make_?acl|nameconcat)|^int\d\w+|^(?:bit|bpchar|bytea|cash_words|char|cidr|dexp|dlog1|dlog10|dround|dtrunc|extract|like|like_escape|macaddr8?|name|notlike|oid|pclose|unicode_version|varbit|xid)$/

let client: pg.Client
let drop: () => Promise<void>
/** The volatility classes of all functions of a name: `i`, `s`, `v`. */
const known = new Map<string, string>()

beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  const { rows } = await client.query<{ name: string; classes: string }>(`
    select proname as name, string_agg(distinct provolatile::text, '' order by provolatile::text) as classes
    from pg_proc where pronamespace = 'pg_catalog'::regnamespace group by proname`)
  for (const { name, classes } of rows) known.set(name, classes)
})
afterAll(async () => {
  await client.end()
  await drop()
})

describe('STABLE_IN_POSTGRESQL', () => {
  it('names existing functions without a volatile overload', async () => {
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    )
    // An older server lacks some of them.
    const absent = (rows[0]?.version ?? 0) >= 180_000 ? 'absent' : 'i'
    const wrong = [...STABLE_IN_POSTGRESQL].filter((name) => !/^(?:i|s|is)$/.test(known.get(name) ?? absent))
    expect(wrong).toEqual([])
  })

  it('excludes functions that depend on the transaction', () => {
    for (const name of CHANGING_WITH_TRANSACTION) {
      expect(known.get(name)).toMatch(/s/)
      expect(STABLE_IN_POSTGRESQL).not.toContain(name)
    }
  })

  it('names all immutable functions that applications call', async () => {
    const { rows } = await client.query<{ name: string }>(PUBLIC_FUNCTIONS)
    const missing = rows.map(({ name }) => name).filter((name) => !STABLE_IN_POSTGRESQL.has(name))
    expect(missing.filter((name) => !NOT_CALLED.test(name) && !CHANGING_WITH_TRANSACTION.has(name))).toEqual(
      [],
    )
  })
})
