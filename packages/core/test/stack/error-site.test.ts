import { describe, expect, it } from 'vitest'

import { callSiteOfError } from '../../src/stack/error-site.js'

const FOREIGN = `    at /app/node_modules/pg-pool/index.js:45:11
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`

describe('callSiteOfError', () => {
  it.each([
    ['    at async listPosts (file:///app/src/posts.js:42:7)', '/app/src/posts.js', 42, 'listPosts'],
    ['    at Posts.list (/app/src/posts.js:4:7)', '/app/src/posts.js', 4, 'list'],
    ['    at async Posts.list [as find] (/app/src/posts.js:4:7)', '/app/src/posts.js', 4, 'list'],
    ['    at new Posts (/app/src/posts.js:4:7)', '/app/src/posts.js', 4, undefined],
    ['    at /app/(shop)/page.js:8:1', '/app/(shop)/page.js', 8, undefined],
    ['    at async file:///app/main.mjs:8:1', '/app/main.mjs', 8, undefined],
    [`    at x (${process.cwd()}/src/here.ts:8:1)`, 'src/here.ts', 8, 'x'],
    ['    at list (C:\\app\\posts.js:4:7)', 'C:\\app\\posts.js', 4, 'list'],
  ])('returns the first frame of the application: %s', (frame, file, line, name) => {
    expect(callSiteOfError(`${FOREIGN}\n${frame}\n    at later (/app/later.js:1:1)`)).toMatchObject({
      file,
      line,
      function: name,
    })
  })

  it.each([
    FOREIGN,
    '',
    'whatever',
    '    at eval (eval at run (/app/x.js:1:1), <anonymous>:1:1)',
    '    at Object.<anonymous>',
    // Longer than any path.
    `    at list (/app/${'x'.repeat(500)}.js:1:1)`,
  ])('returns undefined for %j', (frames) => {
    expect(callSiteOfError(frames)).toBeUndefined()
  })

  it('skips long lines that are no frames', () => {
    const hostile = `    at ${' [as x] (/'.repeat(5_000)}${':1'.repeat(5_000)}(<anonymous>)`
    const frames = `${hostile}\n${`${hostile.slice(0, 390)}\n`.repeat(1_000)}`
    expect(callSiteOfError(frames)).toBeUndefined()
  })

  it('returns the function that created an error', () => {
    function fail(): Error {
      return new Error('x')
    }
    const { file, function: name } = callSiteOfError(fail().stack ?? '') ?? {}
    expect([file, name]).toEqual(['packages/core/test/stack/error-site.test.ts', 'fail'])
  })
})
