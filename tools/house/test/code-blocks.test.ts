import { describe, expect, it } from 'vitest'

import { checkCodeBlocks } from '../src/check-code-blocks.ts'
import { readCodeBlocks } from '../src/code-blocks.ts'
import { findPages, readText } from '../src/repository.ts'

const FENCE = '```'
const page = (...lines: readonly string[]) => readCodeBlocks('page.md', lines.join('\n'))

describe('pages', () => {
  it('contain only code that compiles', async () => {
    const blocks = findPages().flatMap((path) => readCodeBlocks(path, readText(path)))
    expect(await checkCodeBlocks(blocks)).toEqual([])
  })
})

describe('checkCodeBlocks', () => {
  it('compiles each block with its context', async () => {
    const blocks = page(
      `<!-- context: declare const pool: import('pg').Pool -->`,
      '',
      `${FENCE}ts`,
      `const { rows } = await pool.query<{ id: number }>('select 1 as id')`,
      `console.log(rows[0]?.id)`,
      FENCE,
      `${FENCE}ts`,
      'const rows = 1',
      'console.log(rows)',
      FENCE,
    )
    expect(await checkCodeBlocks(blocks)).toEqual([])
  })

  it('reports an error with the line of the page', async () => {
    const blocks = page(
      '# Title',
      '<!-- context: declare const count: number',
      'declare const more: Missing -->',
      `${FENCE}ts`,
      `import { querylens } from '@querylens/kysely-plugin'`,
      '',
      'querylens(count)',
      FENCE,
    )
    const messages = await checkCodeBlocks(blocks)
    expect(messages[0]).toMatch(/^page\.md:5 \(its context\): error TS2304: .*'Missing'/)
    expect(messages[1]).toMatch(/^page\.md:7: error TS\d+: .*'number'/)
  })

  it('reports nothing without blocks', async () => {
    expect(await checkCodeBlocks(page('# Title', '', `${FENCE}sh`, 'npm install', FENCE))).toEqual([])
  })
})

describe('readCodeBlocks', () => {
  it('finds blocks in lists and applies a context to the next block only', () => {
    const blocks = page(
      '<!-- context: declare const a: 1 -->',
      '',
      `${FENCE}ts`,
      'a',
      FENCE,
      '',
      '- in a list:',
      '',
      `  ${FENCE}typescript`,
      '  b',
      `  ${FENCE}`,
      '',
      `${FENCE}js`,
      'c',
      FENCE,
    )
    expect(blocks).toEqual([
      { path: 'page.md', line: 4, code: 'a', context: 'declare const a: 1' },
      { path: 'page.md', line: 10, code: 'b', context: '' },
    ])
  })
})
