import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { runJest } from './support/run-suite.ts'

const folder = join(import.meta.dirname, 'fixtures', 'concurrent')

describe('matchers in concurrent tests of Jest', () => {
  it('report a missing await and keep budgets under the name of their own test', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'querylens-concurrent-'))
    const file = join(scratch, 'budgets.json')
    try {
      const { results } = await runJest(
        folder,
        'ES modules',
        { setupFilesAfterEnv: ['@querylens/testing/jest'] },
        { BUDGETS: file, QUERYLENS_BUDGETS: 'write' },
      )
      expect(results).toEqual([
        '✗ at the same time one forgets an await',
        expect.stringContaining('toExecuteQueries() is asynchronous, but the test ended without awaiting it'),
        '✓ at the same time one lists authors',
        '✓ at the same time one lists books',
        '✓ comes afterwards',
      ])
      const { tests } = JSON.parse(readFileSync(file, 'utf8')) as { readonly tests: Record<string, object> }
      const budgets = Object.entries(tests).map(([name, budget]) => [
        name.replace(/^.*concurrent\.jest\.ts > /, ''),
        Object.keys(budget),
      ])
      expect(budgets).toEqual([
        ['at the same time one lists authors', ['select authors']],
        ['at the same time one lists books', ['select authors', 'select books where author_id = ?']],
      ])
    } finally {
      rmSync(scratch, { recursive: true })
    }
  })
})
