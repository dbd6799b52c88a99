import { readdirSync, readFileSync } from 'node:fs'

import { channels, runInScope, type Finding } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createPostgresDialect } from '../support/postgres-dialect.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { createBlog, fillBlog } from './blog.ts'
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
  const line = lineOf(file, here)
  if (line === undefined) return
  expect(finding.callSite).toMatchObject({
    file: `packages/kysely-plugin/test/findings/scenarios/${file}`,
    line,
    ...(name !== undefined && { function: name }),
  })
}

/** The line below `// here`. */
function lineOf(file: string, name: string): number | undefined {
  const mark = name === '' ? '// here' : `// here: ${name}`
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
  const index = lines.findIndex((line) => line.trim() === mark)
  return index < 0 ? undefined : index + 2
}
