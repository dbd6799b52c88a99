import { describe, expect, it } from 'vitest'

import { findCycle } from '../src/find-cycle.ts'
import { findImportProblems } from '../src/import-rules.ts'
import { readDirections } from '../src/read-directions.ts'
import { readImports } from '../src/read-imports.ts'
import { readRepository } from '../src/repository.ts'

const FENCE = '```'
const directions = readDirections(`${FENCE}directions
core           ->
kysely-plugin  -> core kysely
exporter       -> core @opentelemetry/api @opentelemetry/core
exporter/sdk   -> @opentelemetry/sdk-node

core/record          -> core/scope core/findings
core/scope           -> core/findings
core/findings        -> core/findings/kinds core/messages
core/findings/kinds  -> core/messages
core/messages        ->
${FENCE}
`)

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

/** The problems of one module. The modules in `others` exist as well. */
function problemsOf(path: string, source: string, others: readonly string[] = []): string[] {
  const sources = new Map([...others.map((other) => [other, ''] as const), [path, source] as const])
  return findImportProblems({ sources, manifests, directions })
}

describe('docs/ARCHITECTURE.md', () => {
  it('allows every import of the packages', () => {
    const repository = readRepository()
    expect(repository.sources.size).toBeGreaterThan(30)
    expect(findImportProblems(repository)).toEqual([])
  })

  it('names only folders that exist', () => {
    const { directions: drawn, sources } = readRepository()
    const missing = [...drawn.keys()].filter((name) => {
      const [owner, ...folders] = name.split('/')
      const folder = ['packages', owner, 'src', ...folders].join('/')
      return ![...sources.keys()].some((path) => path.startsWith(`${folder}/`))
    })
    expect(missing).toEqual([])
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
  ])('reports %s importing %s, as a value, as a type or at run time', (owner, specifier) => {
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
    ['kysely-plugin', '@querylens/core/recorder'],
    ['kysely-plugin', 'kysely'],
    ['exporter', '@querylens/core'],
    ['exporter', '@opentelemetry/api'],
  ])('allows %s to import %s', (owner, specifier) => {
    expect(problemsOf(`packages/${owner}/src/a.ts`, `import { b } from '${specifier}'`)).toEqual([])
  })

  it('reports a package that is missing in the manifest', () => {
    expect(problemsOf('packages/exporter/src/a.ts', `import { b } from '@opentelemetry/core'`)).toEqual([
      'packages/exporter/src/a.ts:1: @opentelemetry/core is neither a dependency nor a peer dependency of exporter',
    ])
  })

  it('allows a package to one folder alone', () => {
    const source = `import type { NodeSDK } from '@opentelemetry/sdk-node'`
    expect(problemsOf('packages/exporter/src/sdk/a.ts', source)).toEqual([])
    expect(problemsOf('packages/exporter/src/a.ts', source)).toEqual([
      'packages/exporter/src/a.ts:1: only exporter/sdk may import @opentelemetry/sdk-node',
    ])
  })

  it.each([
    ['messages', 'findings'],
    ['messages', 'record'],
    ['findings', 'scope'],
    ['scope', 'record'],
    ['scope', 'messages'],
    ['findings/kinds', 'findings'],
  ])('reports core/%s importing from core/%s, even a type', (from, to) => {
    const [path, target] = [`packages/core/src/${from}/a.ts`, `packages/core/src/${to}/b.ts`]
    const up = '../'.repeat(from.split('/').length)
    for (const kind of ['', 'type ']) {
      expect(problemsOf(path, `import ${kind}{ b } from '${up}${to}/b.js'`, [target])).toEqual([
        `${path}:1: core/${from} must not import from core/${to}`,
      ])
    }
  })

  it.each([
    ['record/a.ts', '../scope/b.js'],
    ['findings/a.ts', './kinds/b.js'],
    ['findings/kinds/a.ts', '../../messages/b.js'],
    ['findings/kinds/deep/a.ts', '../b.js'],
    ['findings/kinds/deep/a.ts', '../../../errors.js'],
    ['messages/a.ts', './b.js'],
    ['index.ts', './record/b.js'],
    ['internal.ts', './findings/kinds/b.js'],
  ])('allows %s of core to import %s', (file, specifier) => {
    const target = new URL(
      specifier.replace(/js$/, 'ts'),
      `file:///packages/core/src/${file}`,
    ).pathname.slice(1)
    expect(problemsOf(`packages/core/src/${file}`, `import { b } from '${specifier}'`, [target])).toEqual([])
  })

  it('reports a file directly in src importing from a folder, even a type', () => {
    const [path, target] = ['packages/core/src/clock.ts', 'packages/core/src/record/b.ts']
    expect(problemsOf(path, `import type { b } from './record/b.js'`, [target])).toEqual([
      `${path}:1: clock.ts is directly in src, so it must not import from core/record`,
    ])
  })

  it('reports a folder that is missing on the page', () => {
    const [path, target] = ['packages/core/src/record/a.ts', 'packages/core/src/utils/b.ts']
    expect(problemsOf(path, `import { b } from '../utils/b.js'`, [target])).toEqual([
      `${path}:1: utils/ is missing in docs/ARCHITECTURE.md`,
    ])
  })

  it('reports an import of an entry point of the same package', () => {
    const target = 'packages/exporter/src/sdk/index.ts'
    expect(problemsOf('packages/exporter/src/a.ts', `export * from './sdk/index.js'`, [target])).toEqual([
      `packages/exporter/src/a.ts:1: imports the package's own sdk/index.ts`,
    ])
    expect(problemsOf('packages/core/src/a.ts', `import { b } from '@querylens/core'`)).toEqual([
      'packages/core/src/a.ts:1: core imports its own entry point @querylens/core',
    ])
  })

  it('reports relative imports that leave src or name no module', () => {
    expect(
      problemsOf('packages/exporter/src/a.ts', `import '../../core/src/b.js'`, ['packages/core/src/b.ts']),
    ).toEqual([`packages/exporter/src/a.ts:1: ../../core/src/b.js leads out of the package's src`])
    expect(problemsOf('packages/exporter/src/a.ts', `import './b.js'`)).toEqual([
      'packages/exporter/src/a.ts:1: ./b.js is no module; relative imports name the .js file',
    ])
  })

  it('reports imports of expressions', () => {
    expect(problemsOf('packages/core/src/a.ts', 'await import(process.argv[2])')).toEqual([
      'packages/core/src/a.ts:1: imports an expression, which cannot be checked',
    ])
  })

  it('reports packages without rules', () => {
    expect(problemsOf('packages/new/src/a.ts', '')).toEqual([
      'packages/new/src/a.ts: belongs to no package that has rules',
    ])
  })

  it('reports cycles of values and of types', () => {
    const cycle = (statement: string): string[] =>
      findImportProblems({
        sources: new Map([
          ['packages/core/src/record/a.ts', `import { b } from './b.js'`],
          ['packages/core/src/record/b.ts', `import type { c } from './c.js'`],
          ['packages/core/src/record/c.ts', statement],
        ]),
        manifests,
        directions,
      })
    expect(cycle('')).toEqual([])
    for (const kind of ['', 'type ']) {
      expect(cycle(`import ${kind}{ a } from './a.js'`)).toEqual([
        'import cycle: packages/core/src/record/a.ts -> packages/core/src/record/b.ts -> packages/core/src/record/c.ts -> packages/core/src/record/a.ts',
      ])
    }
  })
})

describe('readDirections', () => {
  it('reads all blocks of a page', () => {
    const page = `${FENCE}directions\na -> b c\n${FENCE}\ntext\n${FENCE}directions\n\nb ->\n${FENCE}\n`
    expect([...readDirections(page)]).toEqual([
      ['a', ['b', 'c']],
      ['b', []],
    ])
  })

  it.each([
    ['a page without a block', '# Title', 'has no block'],
    ['a line that is no direction', `${FENCE}directions\na b\n${FENCE}`, 'This is no direction: a b'],
    ['a folder that occurs twice', `${FENCE}directions\na -> b\na -> c\n${FENCE}`, 'a occurs twice'],
  ])('throws for %s', (_, page, message) => {
    expect(() => readDirections(page)).toThrow(message)
  })
})

describe('findCycle', () => {
  it('finds no cycle in a diamond', () => {
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

  it('throws for a module that does not parse', () => {
    expect(() => readImports('a.ts', 'import {')).toThrow(/a\.ts/)
  })
})
