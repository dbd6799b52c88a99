import { describe, expect, it } from 'vitest'

import { withoutAsyncHelpers } from '../../src/stack/async-helpers.js'

/**
 * A site as `type.name file`. `-` stands for `null`; a site without a file is one of V8.
 */
function siteOf(text: string): NodeJS.CallSite {
  const [left = '', file = null] = text.split(' ')
  const [type = '-', ...name] = left.split('.')
  const named = (value: string): string | null => (value === '-' ? null : value)
  return {
    text,
    getFileName: () => file,
    getFunctionName: () => named(name.join('.')),
    getTypeName: () => named(type),
  } as unknown as NodeJS.CallSite
}

const textOf = (site: NodeJS.CallSite | undefined): string | undefined =>
  (site as unknown as { readonly text: string } | undefined)?.text

/** Frames of `async find()`, which `list()` calls, as V8 shows them after the compilation to an older target. */
const STACKS: readonly (readonly [compiler: string, stack: readonly string[], kept: readonly string[]])[] = [
  [
    'TypeScript to ES2015, before the first await',
    [
      'Repo.- a.js',
      'Generator.next',
      '-.- a.js',
      '-.Promise',
      '-.__awaiter a.js',
      'Repo.find a.js',
      '-.list a.js',
    ],
    ['Repo.- a.js', '-.list a.js'],
  ],
  [
    'TypeScript to ES2015 with tslib',
    ['Repo.- a.js', 'Generator.next', '-.- tslib.js', '-.Promise', '-.__awaiter tslib.js', 'Repo.find a.js'],
    ['Repo.- a.js'],
  ],
  [
    'TypeScript to ES2015, after an await',
    ['Repo.- a.js', 'Generator.next', '-.fulfilled a.js', 'process.processTicksAndRejections node:internal'],
    ['Repo.- a.js', 'process.processTicksAndRejections node:internal'],
  ],
  ['TypeScript to ES2015, an error', ['Repo.- a.js', 'Generator.throw', '-.rejected a.js'], ['Repo.- a.js']],
  [
    'TypeScript to ES2015, an asynchronous generator',
    [
      'Repo.all_1 a.js',
      'all_1.next',
      '-.resume a.js',
      '-.- a.js',
      '-.Promise',
      'Object.i.<computed> a.js',
      '-.list a.js',
    ],
    ['Repo.all_1 a.js', '-.list a.js'],
  ],
  [
    'TypeScript to ES5',
    [
      'Repo.- a.js',
      '-.step a.js',
      'Object.- a.js',
      '-.- a.js',
      '-.Promise',
      '-.__awaiter a.js',
      'Repo.Repo.find a.js',
      '-.list a.js',
    ],
    ['Repo.- a.js', '-.list a.js'],
  ],
  [
    'TypeScript to ES5, after an await',
    ['Repo.- a.js', '-.step a.js', 'Object.- a.js', '-.fulfilled a.js'],
    ['Repo.- a.js'],
  ],
  [
    'esbuild',
    [
      'Repo.- a.js',
      'Generator.next',
      '-.- a.js',
      '-.Promise',
      '-.__async a.js',
      'Repo.find a.js',
      '-.list a.js',
    ],
    ['Repo.- a.js', '-.list a.js'],
  ],
  [
    'esbuild, an asynchronous generator',
    [
      'Repo.- a.js',
      'Generator.next',
      '-.resume a.js',
      '-.run a.js',
      '-.- a.js',
      '-.Promise',
      'Object.it.<computed> a.js',
      '-.list a.js',
    ],
    ['Repo.- a.js', '-.list a.js'],
  ],
  [
    'Babel and SWC to ES2015, before the first await',
    [
      '-.- a.js',
      'Generator.next',
      '-.asyncGeneratorStep a.js',
      '-._next a.js',
      '-.- a.js',
      '-.Promise',
      '-.- a.js',
      'Repo.find a.js',
      '-.list a.js',
    ],
    ['-.- a.js', 'Repo.find a.js', '-.list a.js'],
  ],
  [
    'Babel and SWC to ES2015, after an await',
    ['-.- a.js', 'Generator.next', '-.asyncGeneratorStep a.js', '-._next a.js'],
    ['-.- a.js'],
  ],
  [
    'Babel to ES5',
    ['-.- a.js', 'Generator.- a.js', 'Generator.- a.js', '-.asyncGeneratorStep a.js', '-._throw a.js'],
    ['-.- a.js'],
  ],
  [
    'Babel, an asynchronous generator',
    [
      '-.- a.js',
      'Generator.next',
      '-.resume a.js',
      '-.- a.js',
      '-.Promise',
      'AsyncGenerator.AsyncGenerator._invoke a.js',
      'AsyncGenerator.AsyncGenerator.next a.js',
      '-.list a.js',
    ],
    ['-.- a.js', '-.list a.js'],
  ],
  [
    'SWC to ES5',
    ['-.- a.js', '-.step a.js', 'Object.- a.js', '-.asyncGeneratorStep a.js', '-._next a.js'],
    ['-.- a.js'],
  ],
  [
    'SWC, an asynchronous generator',
    [
      '-.- a.js',
      'Generator.next',
      '-.resume a.js',
      '-.- a.js',
      '-.Promise',
      '_async_generator.send a.js',
      '_async_generator._async_generator.next a.js',
      '-.list a.js',
    ],
    ['-.- a.js', '-.list a.js'],
  ],
]

/** Functions of the application that have the same names. */
const OTHERS: readonly (readonly string[])[] = [
  ['-.find a.js', '-.fulfilled a.js', '-.list a.js'],
  ['-.find a.js', '-.__awaiter a.js', '-.list a.js'],
  ['-.find a.js', '-.resume a.js', '-.- a.js', '-.Promise', '-.list a.js'],
  ['-.find a.js', 'Generator.next', '-.list a.js'],
  ['-.find a.js', '-.- a.js', '-.Promise', '-.list a.js'],
  [],
]

describe('withoutAsyncHelpers', () => {
  it('reads a stack that begins in the helper', () => {
    const stack = ['-.Promise', '-.__awaiter a.js', 'Repo.find a.js', '-.list a.js']
    expect(withoutAsyncHelpers(stack.map(siteOf)).sites.map(textOf)).toEqual(['-.list a.js'])
    expect(withoutAsyncHelpers(stack.slice(0, 2).map(siteOf)).sites).toEqual([])
  })

  it.each(STACKS)('keeps the functions of the source: %s', (_, stack, kept) => {
    expect(withoutAsyncHelpers(stack.map(siteOf)).sites.map(textOf)).toEqual(kept)
  })

  it('has the site of the function that has the name', () => {
    const [, stack] = STACKS[0]!
    const { sites, named } = withoutAsyncHelpers(stack.map(siteOf))
    expect(sites.map((site) => textOf(named.get(site)))).toEqual(['Repo.find a.js', undefined])
  })

  it.each(OTHERS.map((stack) => [stack]))('leaves %j as it is', (stack) => {
    const sites = stack.map(siteOf)
    expect(withoutAsyncHelpers(sites)).toEqual({ sites, named: new Map() })
  })
})
