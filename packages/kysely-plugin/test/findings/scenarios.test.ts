import { readdirSync, readFileSync } from 'node:fs'

import { channels, runInScope, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createPostgresDialect } from '../support/postgres-dialect.ts'
import { createTestDatabase } from '../support/test-database.ts'
import type { Blog, ExpectedFinding, Scenario } from './scenario.ts'

const folder = new URL('scenarios/', import.meta.url)
/** `loop-over-rows.n-plus-one.ts`: what happens, and what is to be found; `nothing`, or the kinds with `+` between them. */
const files = readdirSync(folder).toSorted()

let db: Kysely<Blog>
let drop: () => Promise<void>
const opened: Finding[] = []
const closed: Finding[] = []

beforeAll(async () => {
  const database = await createTestDatabase()
  drop = database.drop
  const { dialect } = createPostgresDialect({ connectionString: database.connectionString })
  db = new Kysely<Blog>(querylens({ dialect }))
  await createBlog(db)
})
afterAll(async () => {
  await db.destroy()
  await drop()
})

const listen = (message: unknown): void => {
  const finding = message as Finding
  ;(finding.closed ? closed : opened).push(finding)
}
beforeEach(async () => {
  await fillBlog(db)
  opened.length = closed.length = 0
  channels.finding.subscribe(listen)
})
afterEach(() => void channels.finding.unsubscribe(listen))

describe.each(files)('%s', (file) => {
  it('finds what its name says', async () => {
    const { scenario } = (await import(new URL(file, folder).href)) as { readonly scenario: Scenario }
    await runInScope('scenario', () => scenario.run(db), { findings: scenario.options ?? true })
    const expected = scenario.findings ?? []
    const verdict = [...new Set(expected.map(({ kind }) => kind.replaceAll('_', '-')))].join('+') || 'nothing'
    expect(file).toBe(`${file.split('.')[0]}.${verdict}.ts`)
    expect(opened.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind))
    // Each is published once more, the same object, when the scope ends.
    expect(closed).toEqual(opened)
    expected.forEach((one, index) => expectFinding(closed[index]!, one, file))
  })
})

function expectFinding(finding: Finding, expected: ExpectedFinding, file: string): void {
  const { here = '', function: name, source, ...rest } = expected
  expect(finding).toMatchObject(rest)
  if (source !== undefined) {
    expect([finding.source?.execution.shape.summary, finding.source?.column]).toEqual(source)
  }
  // It is no single line's fault.
  if (finding.kind === 'chatty_scope') return expect(finding.callSite).toBeUndefined()
  expect(finding.callSite).toMatchObject({
    file: `packages/kysely-plugin/test/findings/scenarios/${file}`,
    line: lineOf(file, here),
    ...(name !== undefined && { function: name }),
  })
}

/** The line below `// here`. */
function lineOf(file: string, name: string): number {
  const mark = name === '' ? '// here' : `// here: ${name}`
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
  const index = lines.findIndex((line) => line.trim() === mark)
  if (index < 0) throw new Error(`${file} does not say ${mark}.`)
  return index + 2
}

async function createBlog(database: Kysely<Blog>): Promise<void> {
  for (const statement of [
    'create table authors (id int generated always as identity primary key, name text not null)',
    `create table posts (id int generated always as identity primary key, author_id int not null, editor_id int,
     title text not null, key uuid not null default gen_random_uuid())`,
    `create table comments (id bigint generated always as identity primary key, post_id int not null,
     body text not null, likes int not null default 0)`,
    `create table documents (id uuid primary key default gen_random_uuid(), title text not null, related uuid[] not null)`,
  ]) {
    await sql.raw(statement).execute(database)
  }
}

async function fillBlog(database: Kysely<Blog>): Promise<void> {
  for (const statement of [
    'truncate authors, posts, comments, documents restart identity',
    `insert into authors (name) select 'author ' || i from generate_series(1, 3) i`,
    `insert into posts (author_id, editor_id, title) select 1 + i / 2, 3 - i / 2, 'post ' || i from generate_series(0, 5) i`,
    `insert into comments (post_id, body) select 1 + i / 2, 'comment ' || i from generate_series(0, 11) i`,
    `insert into documents (title, related) select 'document ' || i, array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()]
     from generate_series(1, 4) i`,
  ]) {
    await sql.raw(statement).execute(database)
  }
}
