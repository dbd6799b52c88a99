import { QuerylensInstrumentation } from '@querylens/exporter'
import { runInScope, type QuerylensErrorCode } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { captureQueries, mergeBudgets } from '@querylens/testing'
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
} from 'kysely'
import { parseSync } from 'oxc-parser'
import { describe, expect, it } from 'vitest'

import { reportUnawaited } from '../../../packages/testing/src/matchers/unawaited.js'
import { readText } from '../src/repository.ts'

const dialect: Dialect = {
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
}

/** Code that throws each error on the page. Without TypeScript, users can write it. */
const provoke: Record<QuerylensErrorCode, () => unknown> = {
  QUERYLENS_FILE: () => mergeBudgets('querylens.budgets.json', 'shard-1/querylens.budgets.json'),
  QUERYLENS_FINDING: () => {
    const db = new Kysely<{ pet: { owner_id: number } }>(querylens({ dialect }))
    const work = async (): Promise<void> => {
      for (let id = 1; id < 9; id++)
        await db.selectFrom('pet').selectAll().where('owner_id', '=', id).execute()
    }
    return runInScope('test', work, { detect: { mode: 'throw' } })
  },
  QUERYLENS_INVALID_ARGUMENT: () => runInScope(undefined as never, () => undefined),
  QUERYLENS_INVALID_OPTION: () => querylens({ dialect }, { mergeNames: 'true' as never }),
  QUERYLENS_NOT_AWAITED: () =>
    reportUnawaited({
      matcher: 'toExecuteQueries',
      site: new Error('the call'),
      isAwaited: false,
      failure: undefined,
    }),
  QUERYLENS_QUERY_LIMIT: async () => {
    const db = new Kysely<{ pet: { id: number } }>(querylens({ dialect }))
    let refusal: unknown
    const work = async (): Promise<void> => {
      try {
        for (;;) await db.selectFrom('pet').selectAll().execute()
      } catch (error) {
        refusal = error
      }
    }
    await captureQueries(work, { max: 20 }).catch(() => undefined)
    throw refusal
  },
  QUERYLENS_UNKNOWN_OPTION: () => new QuerylensInstrumentation({ querytext: false } as never),
}

/** The string literals of `QuerylensErrorCode` in the source. */
function readCodes(): string[] {
  const path = 'packages/core/src/errors.ts'
  for (const statement of parseSync(path, readText(path)).program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined
    if (declaration?.type !== 'TSTypeAliasDeclaration' || declaration.id.name !== 'QuerylensErrorCode')
      continue
    const { typeAnnotation } = declaration
    return (typeAnnotation.type === 'TSUnionType' ? typeAnnotation.types : [typeAnnotation]).map((type) => {
      if (type.type !== 'TSLiteralType' || type.literal.type !== 'Literal')
        throw new Error('Expected a union of string literals.')
      return String(type.literal.value)
    })
  }
  throw new Error(`${path} has no type QuerylensErrorCode.`)
}

/** The sections of the page by heading. */
function readSections(): Map<string, string> {
  const [, ...sections] = readText('docs/ERRORS.md').split(/^## /m)
  return new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]))
}

describe('docs/ERRORS.md', () => {
  it('has one section for each code', () => {
    const codes = readCodes()
    expect([...readSections().keys()]).toEqual(codes.toSorted())
    expect(Object.keys(provoke).toSorted()).toEqual(codes.toSorted())
  })

  it.each(Object.entries(provoke))(
    'shows the message of %s as it is, and what to do',
    async (code, misuse) => {
      const section = readSections().get(code) ?? ''
      let thrown: unknown
      try {
        await misuse()
      } catch (error) {
        thrown = error
      }
      const name = code === 'QUERYLENS_FINDING' ? 'FindingError' : 'QuerylensError'
      expect(thrown).toMatchObject({ name, code })
      // The line of the call changes with this file.
      const message = (thrown as Error).message.replace(
        / at work \(.+?(?=; )/,
        ' at listPets (src/pets.ts:12)',
      )
      expect(/```text\n(.+)\n```/.exec(section)?.[1]).toBe(message)
      expect(section).toContain('**What to do:**')
    },
  )
})
