import { describe, expect, it } from 'vitest'

import { findCycle } from '../src/find-cycle.ts'
import { findImportProblems } from '../src/import-rules.ts'
import { readImports } from '../src/read-imports.ts'
import { readHouse } from '../src/repository.ts'

const manifests = new Map([
  ['core', { dependencies: { 'left-pad': '1.0.0' } }],
  [
    'kysely-plugin',
    {
      dependencies: { '@querylens/core': '*', '@querylens/exporter': '*' },
      peerDependencies: { kysely: '*' },
    },
  ],
  [
    'exporter',
    {
      dependencies: { '@querylens/core': '*', '@querylens/kysely-plugin': '*', kysely: '*' },
      peerDependencies: { '@opentelemetry/api': '*', '@opentelemetry/sdk-node': '*' },
    },
  ],
])

/** The problems of one made-up module, which may import those named in `others`. */
function problemsOf(path: string, source: string, others: readonly string[] = []): string[] {
  const sources = new Map([...others.map((other) => [other, ''] as const), [path, source] as const])
  return findImportProblems({ sources, manifests })
}

describe('the house', () => {
  it('keeps its import directions', () => {
    const house = readHouse()
    expect(house.sources.size).toBeGreaterThan(30)
    expect(findImportProblems(house)).toEqual([])
  })
})

describe('findImportProblems', () => {
  it.each([
    ['core', 'kysely'],
    ['core', 'left-pad'],
    ['core', 'fs'],
    ['core', '@querylens/kysely-plugin'],
    ['core', '@opentelemetry/api'],
    ['kysely-plugin', '@querylens/exporter'],
    ['kysely-plugin', '@querylens/exporter/sdk'],
    ['kysely-plugin', '@opentelemetry/api'],
    ['kysely-plugin', 'pg'],
    ['exporter', '@querylens/kysely-plugin'],
    ['exporter', 'kysely'],
  ])('finds %s importing %s, as a value, as a type or at run time', (owner, specifier) => {
    const problem = `packages/${owner}/src/a.ts:2: ${owner} must not import ${specifier}`
    for (const statement of [
      `import { b } from '${specifier}'`,
      `import type { b } from '${specifier}'`,
      `import '${specifier}'`,
      `export * from '${specifier}'`,
      `export type { b } from '${specifier}'`,
      `await import('${specifier}')`,
      `export type B = import('${specifier}').B`,
    ]) {
      expect(problemsOf(`packages/${owner}/src/a.ts`, `\n${statement}`)).toEqual([problem])
    }
  })

  it.each([
    ['core', 'node:fs'],
    ['kysely-plugin', '@querylens/core'],
    ['kysely-plugin', 'kysely'],
    ['exporter', '@querylens/core'],
    ['exporter', '@opentelemetry/api'],
  ])('lets %s import %s', (owner, specifier) => {
    expect(problemsOf(`packages/${owner}/src/a.ts`, `import { b } from '${specifier}'`)).toEqual([])
  })

  it('finds a package that the manifest does not name', () => {
    expect(problemsOf('packages/exporter/src/a.ts', `import { b } from '@opentelemetry/core'`)).toEqual([
      'packages/exporter/src/a.ts:1: @opentelemetry/core is neither a dependency nor a peer dependency of exporter',
    ])
  })

  it('keeps the SDK below sdk/', () => {
    const source = `import type { NodeSDK } from '@opentelemetry/sdk-node'`
    expect(problemsOf('packages/exporter/src/sdk/a.ts', source)).toEqual([])
    expect(problemsOf('packages/exporter/src/a.ts', source)).toEqual([
      'packages/exporter/src/a.ts:1: @opentelemetry/sdk-node is optional, so it belongs below sdk/ only',
    ])
  })

  it.each([
    ['sql', 'plan'],
    ['plan', 'sql'],
    ['sql', 'detect'],
    ['plan', 'record'],
    ['scope', 'testing'],
    ['record', 'testing'],
  ])('finds %s/ of core importing from %s/, even a type', (from, to) => {
    const target = `packages/core/src/${to}/b.ts`
    for (const kind of ['', 'type ']) {
      expect(
        problemsOf(`packages/core/src/${from}/a.ts`, `import ${kind}{ b } from '../${to}/b.js'`, [target]),
      ).toEqual([`packages/core/src/${from}/a.ts:1: ${from}/ must not import from ${to}/`])
    }
  })

  it.each(['scope', 'detect'])('lets %s/ of core import types from record/, and no values', (from) => {
    const [path, target] = [`packages/core/src/${from}/a.ts`, 'packages/core/src/record/b.ts']
    expect(problemsOf(path, `import type { b } from '../record/b.js'`, [target])).toEqual([])
    for (const statement of [
      `import { b } from '../record/b.js'`,
      `import { type b } from '../record/b.js'`,
    ]) {
      expect(problemsOf(path, statement, [target])).toEqual([
        `${path}:1: ${from}/ must not import values from record/`,
      ])
    }
  })

  it.each([
    ['detect/a.ts', '../sql/b.js'],
    ['detect/a.ts', '../plan/insights/b.js'],
    ['record/a.ts', '../detect/b.js'],
    ['record/a.ts', '../scope/b.js'],
    ['testing/a.ts', '../record/b.js'],
    ['testing/a.ts', './b.js'],
    ['plan/insights/a.ts', '../../errors.js'],
    ['plan/insights/a.ts', '../b.js'],
    ['index.ts', './testing/b.js'],
  ])('lets %s of core import %s', (place, specifier) => {
    const target = new URL(
      specifier.replace(/js$/, 'ts'),
      `file:///packages/core/src/${place}`,
    ).pathname.slice(1)
    expect(problemsOf(`packages/core/src/${place}`, `import { b } from '${specifier}'`, [target])).toEqual([])
  })

  it('lets a file at the root of core import types from a folder, and no values', () => {
    const [path, target] = ['packages/core/src/channels.ts', 'packages/core/src/record/b.ts']
    expect(problemsOf(path, `import type { b } from './record/b.js'`, [target])).toEqual([])
    expect(problemsOf(path, `import { b } from './record/b.js'`, [target])).toEqual([
      `${path}:1: channels.ts stands below record/, so it may import only types from there`,
    ])
  })

  it('finds a folder of core without a place in the order', () => {
    const [path, target] = ['packages/core/src/record/a.ts', 'packages/core/src/utils/b.ts']
    expect(problemsOf(path, `import { b } from '../utils/b.js'`, [target])).toEqual([
      `${path}:1: core's folder utils has no place in the order`,
    ])
  })

  it('finds an import of an index of the same package', () => {
    const target = 'packages/exporter/src/sdk/index.ts'
    expect(problemsOf('packages/exporter/src/a.ts', `export * from './sdk/index.js'`, [target])).toEqual([
      `packages/exporter/src/a.ts:1: imports the package's own sdk/index.ts`,
    ])
    expect(problemsOf('packages/core/src/a.ts', `import { b } from '@querylens/core'`)).toEqual([
      'packages/core/src/a.ts:1: core imports its own entry point @querylens/core',
    ])
  })

  it('finds relative imports that leave src or lead nowhere', () => {
    expect(
      problemsOf('packages/exporter/src/a.ts', `import '../../core/src/b.js'`, ['packages/core/src/b.ts']),
    ).toEqual([`packages/exporter/src/a.ts:1: ../../core/src/b.js leads out of the package's src`])
    expect(problemsOf('packages/exporter/src/a.ts', `import './b.js'`)).toEqual([
      'packages/exporter/src/a.ts:1: ./b.js is no module; relative imports name the .js file',
    ])
  })

  it('finds imports that are known only at run time', () => {
    expect(problemsOf('packages/core/src/a.ts', 'await import(process.argv[2])')).toEqual([
      'packages/core/src/a.ts:1: imports something that is known only at run time',
    ])
  })

  it('finds packages without rules', () => {
    expect(problemsOf('packages/new/src/a.ts', '')).toEqual([
      'packages/new/src/a.ts: belongs to no package that has rules',
    ])
  })

  it('finds cycles of values, and lets types form them', () => {
    const cycle = (statement: string): string[] =>
      findImportProblems({
        sources: new Map([
          ['packages/core/src/sql/a.ts', `import { b } from './b.js'`],
          ['packages/core/src/sql/b.ts', `import { c } from './c.js'`],
          ['packages/core/src/sql/c.ts', statement],
        ]),
        manifests,
      })
    expect(cycle(`import type { a } from './a.js'`)).toEqual([])
    expect(cycle(`import { a } from './a.js'`)).toEqual([
      'import cycle: packages/core/src/sql/a.ts -> packages/core/src/sql/b.ts -> packages/core/src/sql/c.ts -> packages/core/src/sql/a.ts',
    ])
  })
})

describe('findCycle', () => {
  it('takes a diamond for none', () => {
    const diamond = new Map([
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['c', ['d']],
      ['d', ['outside']],
    ])
    expect(findCycle(diamond)).toBeUndefined()
  })

  it('finds a module that imports itself', () => {
    expect(findCycle(new Map([['a', ['a']]]))).toEqual(['a', 'a'])
  })
})

describe('readImports', () => {
  it('reads no import in a comment, a string or a template', () => {
    const source = `// import 'a'\nconst text = "import 'b'"\nconst more = \`\${text} import('c')\`\nexport { more }`
    expect(readImports('a.ts', source)).toEqual([])
  })

  it('fails for a module that does not parse', () => {
    expect(() => readImports('a.ts', 'import {')).toThrow(/a\.ts/)
  })
})
