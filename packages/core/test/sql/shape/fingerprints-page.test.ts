import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const page = readFileSync(new URL('../../../../../docs/FINGERPRINTS.md', import.meta.url), 'utf8')

interface Block {
  readonly claim: 'equal' | 'different'
  readonly mergeNames: boolean
  readonly statements: readonly string[]
}

const blocks: readonly Block[] = [
  ...page.matchAll(/^```sql (equal|different)( mergeNames)?\n([\s\S]*?)^```$/gm),
].map(([, claim, option, body]) => ({
  claim: claim as Block['claim'],
  mergeNames: option !== undefined,
  // A line that does not begin with a command continues the statement.
  statements: (body ?? '').trim().split(/\n(?=select|insert|update|delete)/i),
}))

function tableUnder(heading: string): (readonly [statement: string, result: string])[] {
  const section = page.slice(page.indexOf(`## ${heading}\n`))
  return [
    ...section.slice(0, section.indexOf('\n## ', 1) >>> 0).matchAll(/^\| `(.+?)`\s+\| `(.+?)`\s+\|$/gm),
  ].map(([, statement, result]) => [statement ?? '', result ?? ''] as const)
}

describe('docs/FINGERPRINTS.md', () => {
  it('has examples and tables', () => {
    expect(blocks.length).toBeGreaterThan(8)
    expect(tableUnder('The text').length).toBeGreaterThan(3)
    expect(tableUnder('The summary').length).toBeGreaterThan(5)
  })

  it.each(blocks)(
    'calls these statements $claim, as analyzeQuery does: $statements',
    ({ claim, mergeNames, statements }) => {
      const fingerprints = statements.map(
        (sql) => analyzeQuery(sql, { dialect: 'postgresql', mergeNames }).fingerprint,
      )
      expect(statements.length).toBeGreaterThan(1)
      expect(new Set(fingerprints).size).toBe(claim === 'equal' ? 1 : statements.length)
    },
  )

  it('marks as mergeNames only statements that differ without the option', () => {
    const [block] = blocks.filter(({ mergeNames }) => mergeNames)
    const fingerprints = block?.statements.map(
      (sql) => analyzeQuery(sql, { dialect: 'postgresql' }).fingerprint,
    )
    expect(new Set(fingerprints).size).toBe(block?.statements.length)
  })

  it.each(tableUnder('The text'))('shows for %s the text %s', (sql, text) => {
    expect(analyzeQuery(sql, { dialect: 'postgresql' }).text).toBe(text)
  })

  it.each(tableUnder('The summary'))('shows for %s the summary %s', (sql, summary) => {
    expect(analyzeQuery(sql, { dialect: 'postgresql' }).summary).toBe(summary)
  })
})
