import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { RUNNERS } from '../../src/test-all.ts'

const folder = join(import.meta.dirname, '../..')

describe('the tests of the library', () => {
  it.each(Object.entries(RUNNERS))('pass in %s, which writes no snapshot and no budget', (_, args) => {
    const { VITEST: _vitest, NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...outer } = process.env
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env: { ...outer, CI: 'true', NO_COLOR: '1' },
      encoding: 'utf8',
    })
    expect(status, stdout + stderr).toBe(0)
    expect(stdout + stderr).not.toMatch(/\bwritten\b|querylens: wrote/)
  })
})
