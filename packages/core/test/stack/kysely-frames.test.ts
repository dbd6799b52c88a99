import { describe, expect, it } from 'vitest'

import { callerIndexOf, outsideDriver } from '../../src/stack/kysely-frames.js'

describe('callerIndexOf', () => {
  it.each<[number, readonly string[]]>([
    [3, ['compileQuery', 'compile', 'execute', 'listPosts']],
    [3, ['compileQuery', '#compile', 'execute']],
    [4, ['compileQuery', 'compileQuery', 'compile', 'execute', 'inTransaction']],
    [3, ['compileQuery', 'compile', 'stream', 'listPosts']],
    [4, ['compileQuery', 'compile', 'execute', 'executeTakeFirst', 'findPost']],
    [5, ['compileQuery', 'e', 'execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'a']],
    // The application's own methods.
    [3, ['compileQuery', 'compile', 'execute', 'execute', 'listPosts']],
    [4, ['compileQuery', 'compile', 'execute', 'executeTakeFirst', 'executeTakeFirst']],
    // Compiled to be executed later.
    [0, ['compileQuery', 'compile', 'listPosts']],
    [0, ['listPosts', 'compile', 'execute']],
    [0, []],
  ])('is %d in %j', (index, names) => {
    const sites = names.map((name) => ({ getFunctionName: () => name }) as unknown as NodeJS.CallSite)
    expect(callerIndexOf(sites)).toBe(index)
  })
})

describe('outsideDriver', () => {
  /** Frames such as `execute`, all in one bundle, or `kysely/execute` in another file. */
  const outside = (...names: readonly string[]): readonly string[] => {
    const sites = names.map((name) => {
      const file = name.includes('/') ? name.split('/')[0] : 'app.js'
      const own = name.split('/').at(-1)!
      return { getFunctionName: () => own, getFileName: () => file } as unknown as NodeJS.CallSite
    })
    return outsideDriver(sites).map((site) => site.getFunctionName()!)
  }

  it.each<[readonly string[], readonly string[]]>([
    [['listPosts'], ['', '', 'provideConnection', 'executeQuery', 'execute', 'listPosts']],
    [
      ['listPosts'],
      [
        '',
        '#run',
        'provideConnection',
        'provideConnection',
        'executeQuery',
        'executeQuery',
        'execute',
        'listPosts',
      ],
    ],
    [['listPosts'], ['executeQuery', 'execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'listPosts']],
    [['listPosts'], ['next', 'stream', 'stream', 'listPosts']],
    // A method of the application.
    [
      ['execute', 'main'],
      ['', 'executeQuery', 'execute', 'execute', 'main'],
    ],
    // The function that a transaction calls, inside of the one that Kysely gives to `provideConnection`.
    [
      ['inTransaction', 'listPosts'],
      ['', 'executeQuery', 'execute', 'inTransaction', '', 'provideConnection', 'listPosts'],
    ],
    // Kysely as a dependency: its files tell its frames.
    [
      ['execute', 'execute', 'provideConnection', 'listPosts'],
      ['', 'kysely/executeQuery', 'kysely.js/execute', 'execute', 'provideConnection', 'listPosts'],
    ],
    [['listPosts'], ['listPosts']],
    [[], []],
  ])('is %j of %j', (expected, names) => {
    expect(outside(...names)).toEqual(expected)
  })
})
