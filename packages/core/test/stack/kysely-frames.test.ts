import { describe, expect, it } from 'vitest'

import { callerIndexOf } from '../../src/stack/kysely-frames.js'

describe('callerIndexOf', () => {
  it.each<[number, readonly string[]]>([
    [3, ['compileQuery', 'compile', 'execute', 'listPosts']],
    [3, ['compileQuery', '#compile', 'execute']],
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
