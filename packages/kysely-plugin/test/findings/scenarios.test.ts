import { readdirSync, readFileSync } from 'node:fs'

import { runInScope, type Finding } from '@querylens/core'
import { describe, expect, it } from 'vitest'

import { collectFindings } from '../support/collect-findings.ts'
import { useBlog } from './blog.ts'
import type { ExpectedFinding, Scenario } from './scenario.ts'

const folder = new URL('scenarios/', import.meta.url)
/** A file is named after the scenario and the kinds of its findings, with `+` between them, or `nothing`. */
const files = readdirSync(folder).toSorted()

const blog = useBlog()
const { opened, closed } = collectFindings()

describe.each(files)('%s', (file) => {
  it('opens the findings in its name', async () => {
    const { scenario } = (await import(new URL(file, folder).href)) as { readonly scenario: Scenario }
    await runInScope('scenario', () => scenario.run(blog.db), { detect: scenario.options ?? true })
    const expected = scenario.findings ?? []
    const verdict = [...new Set(expected.map(({ kind }) => kind.replaceAll('_', '-')))].join('+') || 'nothing'
    expect(file).toBe(`${file.split('.')[0]}.${verdict}.ts`)
    expect(opened.map(({ kind }) => kind)).toEqual(expected.map(({ kind }) => kind))
    // Querylens publishes the same objects again when the scope ends.
    expect(closed).toEqual(opened)
    expected.forEach((one, index) => expectFinding(closed[index]!, one, file))
  })
})

function expectFinding(finding: Finding, expected: ExpectedFinding, file: string): void {
  const { here = '', function: name, path, callers, source, ...rest } = expected
  expect(finding).toMatchObject(rest)
  if (path !== undefined) {
    const own = finding.path.filter((site) => site.file.endsWith(file))
    expect(own.map((site) => site.function)).toEqual(path)
  }
  if (callers !== undefined) expect(finding.callSites.map((site) => site.function)).toEqual(callers)
  if (source !== undefined) {
    expect([finding.source?.execution.shape.summary, finding.source?.column]).toEqual(source)
  }
  // No single line causes this finding.
  if (finding.kind === 'chatty_scope') return expect(finding.callSite).toBeUndefined()
  expect(finding.callSite).toMatchObject({
    file: `packages/kysely-plugin/test/findings/scenarios/${file}`,
    line: lineOf(file, here),
    ...(name !== undefined && { function: name }),
  })
}

/** The number of the line below `// here`. */
function lineOf(file: string, name: string): number {
  const mark = name === '' ? '// here' : `// here: ${name}`
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n')
  const index = lines.findIndex((line) => line.trim() === mark)
  if (index < 0) throw new Error(`${file} has no comment ${mark}.`)
  return index + 2
}
