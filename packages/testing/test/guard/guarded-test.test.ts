import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'

import { runInScope } from '@querylens/core'
import { assertNoFindings, assertNoNPlusOne, assertQueryCount, captureQueries } from '@querylens/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { guardQueries } from '../../src/guard/guard-queries.ts'
import { guardState } from '../../src/guard/guard-state.ts'
import { GuardedTest } from '../../src/guard/guarded-test.ts'
import { noteAssertion } from '../../src/recording/started-assertions.ts'
import { skipQueryGuard } from '../../src/guard/skip-query-guard.ts'
import { authorPages } from '../support/catalog.ts'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase
beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())
beforeEach(() => guardQueries())
afterEach(() => void (guardState.options = undefined))

async function failureOf(work: () => unknown): Promise<string | undefined> {
  const test = new GuardedTest('a test')
  let hasFailed = false
  await test.run(async () => {
    try {
      await work()
    } catch {
      hasFailed = true
    }
  })
  return (await test.end(hasFailed))?.message
}

describe('GuardedTest', () => {
  it('reports the loops of its own function, not those of a test beside it', async () => {
    const [loop, nothing] = await Promise.all([
      failureOf(() => listBooks(library.db)),
      failureOf(() => library.db.selectFrom('authors').selectAll().execute()),
    ])
    expect(loop).toContain('The query guard expected no N+1 in this test, got 1')
    expect(nothing).toBeUndefined()
  })

  it('reports only the kinds that it is told to', async () => {
    guardQueries({ kinds: ['duplicate_query'] })
    expect(await failureOf(() => listBooks(library.db))).toBeUndefined()
    const readTwice = async () => {
      for (const _ of [1, 2]) await library.db.selectFrom('authors').selectAll().execute()
    }
    expect(await failureOf(readTwice)).toContain('expected no duplicate query in a loop in this test, got 1')
  })

  it('accepts what an allowance accepts', async () => {
    guardQueries({ allow: [{ table: 'books', reason: 'small table' }] })
    expect(await failureOf(() => listBooks(library.db))).toBeUndefined()
  })

  it('leaves the reports of captures in the mode throw to those', async () => {
    const work = () => captureQueries(() => listBooks(library.db), { detect: { mode: 'throw' } })
    expect(await failureOf(() => expect(work()).rejects.toThrow('2x'))).toBeUndefined()
  })

  it('reports a loop in a capture whose findings no assertion has looked at', async () => {
    expect(await failureOf(() => captureQueries(() => listBooks(library.db)))).toContain('N+1')
  })

  it.each([[false], [{ nPlusOne: false }]])(
    'fails where a capture switches its kinds off with detect: %o',
    async (detect) => {
      const loop = () => captureQueries(() => listBooks(library.db), { detect })
      expect(await failureOf(loop)).toMatch(
        /^The query guard cannot tell whether this test has N\+1, because the option detect .* skipQueryGuard/,
      )
      const skipped = () => {
        skipQueryGuard('the loop is the subject')
        return loop()
      }
      expect(await failureOf(skipped)).toBeUndefined()
    },
  )

  it('passes where a capture that switches its kinds off repeats no statement, or another kind is off', async () => {
    const once = () => library.db.selectFrom('authors').selectAll().execute()
    expect(await failureOf(() => captureQueries(once, { detect: false }))).toBeUndefined()
    const readTwice = () =>
      captureQueries(() => Promise.all([once(), once()]), { detect: { largeResult: false } })
    expect(await failureOf(readTwice)).toBeUndefined()
  })

  it('passes where the code itself switches detection off', async () => {
    const work = () => runInScope('report', () => listBooks(library.db), { detect: false })
    expect(await failureOf(work)).toBeUndefined()
  })

  it('reports a loop that an assertion has found, if the test passes nevertheless', async () => {
    const swallows = async () => {
      const queries = await captureQueries(() => listBooks(library.db))
      try {
        assertNoNPlusOne(queries)
      } catch {}
    }
    expect(await failureOf(swallows)).toContain('N+1')
    const accepts = async () =>
      assertNoFindings(await captureQueries(() => listBooks(library.db)), { except: ['n_plus_one'] })
    expect(await failureOf(accepts)).toBeUndefined()
  })

  it('reports a loop once, for the innermost test', async () => {
    let inner: string | undefined
    const outer = await failureOf(async () => {
      inner = await failureOf(() => listBooks(library.db))
    })
    expect([inner === undefined, outer]).toEqual([false, undefined])
  })

  it('has the path to the query as its stack', async () => {
    const test = new GuardedTest('a test')
    await test.run(() => authorPages(library.db))
    const stack = (await test.end())?.stack ?? ''
    const file = resolve(import.meta.dirname, '../support/catalog.ts')
    expect(stack.split('\n').filter((line) => line.startsWith('    at '))).toEqual([
      expect.stringMatching(`^    at booksOf \\(${file}:22:\\d+\\)$`),
      expect.stringMatching(`^    at authorPages \\(${file}:10:\\d+\\)$`),
    ])
  })

  it('leaves a loop to the failed assertion that has shown it', async () => {
    const fails = async () => {
      const queries = await captureQueries(() => listBooks(library.db))
      assertQueryCount(queries, { max: 2 })
    }
    expect(await failureOf(fails)).toBeUndefined()
    const swallows = async () => expect(fails()).rejects.toThrow('N+1, one for each row')
    expect(await failureOf(swallows)).toContain('N+1')
    const passes = async () => assertQueryCount(await captureQueries(() => listBooks(library.db)), { min: 2 })
    expect(await failureOf(passes)).toContain('N+1')
  })

  it('names the test where its queries are in a capture without a name', async () => {
    const failure = await failureOf(() => captureQueries(() => listBooks(library.db)))
    expect(failure).toMatch(/got 1 \(a test, .* in the database\):/)
    const both = await failureOf(async () => {
      await listBooks(library.db)
      await captureQueries(() => listBooks(library.db))
    })
    expect(both).toMatch(/got 2 \(a test, .* in the database\):/)
  })

  it('leaves a test to the error of an assertion that it has not awaited', async () => {
    const test = new GuardedTest('a test')
    let isAwaited = false
    await test.run(async () => {
      await listBooks(library.db)
      noteAssertion({
        get isAwaited() {
          return isAwaited
        },
      })
    })
    expect(await test.end()).toBeUndefined()
    isAwaited = true
    const second = await failureOf(async () => {
      noteAssertion({ isAwaited })
      await listBooks(library.db)
    })
    expect(second).toContain('N+1')
  })

  it('ends the captures of its function, which never end themselves where it has timed out', async () => {
    const test = new GuardedTest('a test')
    let hung: Promise<unknown> | undefined
    const held = Promise.withResolvers<void>()
    test.run(() => void (hung = captureQueries(() => held.promise, { process: true })))
    await test.end()
    await expect(captureQueries(() => {}, { process: true })).resolves.toMatchObject({ count: 0 })
    held.resolve()
    await hung
  })

  it('waits for a request that the test has sent and not awaited', async () => {
    const server = createServer((_, response) => void listBooks(library.db).then(() => response.end()))
    await once(server.listen(0), 'listening')
    const { port } = server.address() as AddressInfo
    const test = new GuardedTest('a test')
    test.run(() => void get({ port, agent: false }, (response) => response.resume()))
    expect((await test.end())?.message).toContain('N+1')
    server.close()
  })

  it('has the same result each time that it is ended', async () => {
    const test = new GuardedTest('a test')
    await test.run(() => listBooks(library.db))
    expect(await test.end()).toBe(await test.end())
  })
})

describe('skipQueryGuard', () => {
  it('leaves the test out that calls it, also in work that the test starts', async () => {
    const work = async () => {
      await Promise.resolve()
      skipQueryGuard('the report runs once a year')
      await listBooks(library.db)
    }
    expect(await failureOf(work)).toBeUndefined()
  })

  it('holds for the test around, too', async () => {
    let inner: string | undefined = 'not ended'
    const innerTest = (work: () => unknown) => async () => {
      inner = await failureOf(() => {
        skipQueryGuard('the loop is the subject')
        return work()
      })
    }
    expect(await failureOf(innerTest(() => listBooks(library.db)))).toBeUndefined()
    const undetected = () => captureQueries(() => listBooks(library.db), { detect: false })
    expect(await failureOf(innerTest(undetected))).toBeUndefined()
    expect(inner).toBeUndefined()
  })

  it('does nothing where no guard is on', () => {
    guardState.options = undefined
    expect(() => skipQueryGuard('the report runs once a year')).not.toThrow()
  })

  it('is an error outside a test, and without a reason', () => {
    expect(() => skipQueryGuard('the report runs once a year')).toThrow('was called outside a test')
    expect(() => skipQueryGuard(' ')).toThrow('takes a sentence')
  })
})

describe('guardQueries', () => {
  it.each<[object, RegExp]>([
    [{ kind: ['n_plus_one'] }, /guardQueries\(\) has no option 'kind'/],
    [{ kinds: ['n+1'] }, /Option 'kinds' of guardQueries\(\) takes a list with one or more of n_plus_one, /],
    [{ kinds: [] }, /Option 'kinds' of guardQueries\(\) takes a list/],
    [{ allow: { table: 'books' } }, /Option 'allow' of guardQueries\(\) takes a list of allowances/],
    [{ baseline: '' }, /Option 'baseline' of guardQueries\(\) takes a non-empty string/],
    [
      { allow: [{ table: 'books', reason: '…' }] },
      /allow of guardQueries\(\) has an allowance with the reason '…'\. Write why/,
    ],
    [{ allow: [{ table: 'books' }] }, /allow\[0\] of guardQueries\(\) needs a reason/],
    [
      { baseline: 'gone.json' },
      /Option 'baseline' of guardQueries\(\) names the file gone\.json, which does not exist/,
    ],
  ])('refuses %j', (options, message) => {
    expect(() => guardQueries(options)).toThrow(message)
  })
})
