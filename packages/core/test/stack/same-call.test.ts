import { describe, expect, it } from 'vitest'

import { framesOf, type Frame } from '../../src/stack/captured-stack.js'
import { isSameCall } from '../../src/stack/same-call.js'

/** Frames such as `query:3`, a function and its line. The function in `await list:7` waits. */
function framesAt(...frames: readonly string[]): readonly Frame[] {
  const sites = frames.map((frame) => {
    const [, waits, name = '', line] = /^(await )?(.+):(.+)$/.exec(frame) ?? []
    return {
      getFileName: () => `/app/${name}.js`,
      getFunctionName: () => name,
      getLineNumber: () => Number(line),
      getColumnNumber: () => 1,
      getEnclosingLineNumber: () => 1,
      getEnclosingColumnNumber: () => 1,
      isAsync: () => waits !== undefined,
    } as unknown as NodeJS.CallSite
  })
  return framesOf({ holder: {}, sites, frames: undefined })
}

describe('isSameCall', () => {
  it.each<[string, boolean, readonly string[], readonly string[]]>([
    [
      'a function that continues, and the same one while its callers run',
      true,
      ['find:2', 'list:7'],
      ['find:2', 'list:7', 'middleware:4', 'server:1'],
    ],
    [
      'a function that its caller awaits, and the same one while that caller runs',
      true,
      ['find:2', 'list:7', 'await handle:5'],
      ['find:2', 'list:7', 'wrapper:3', 'handle:6', 'server:1'],
    ],
    [
      'all levels of a recursion',
      true,
      ['walk:2', 'walk:9', 'await handle:5'],
      ['walk:2', 'walk:9', 'handle:6', 'server:1'],
    ],
    ['other queries', false, ['find:2', 'list:7'], ['find:3', 'list:7', 'server:1']],
    ['other callers', false, ['find:2', 'list:7'], ['find:2', 'list:8', 'server:1']],
    ['other functions that wait', false, ['find:2', 'await list:7'], ['find:2', 'count:7', 'server:1']],
    [
      'functions that wait in another order',
      false,
      ['find:2', 'await list:7', 'await handle:5'],
      ['find:2', 'handle:5', 'list:7'],
    ],
    ['functions of which none runs', false, ['await find:2'], ['find:2', 'list:7']],
    ['as many running functions', false, ['find:2', 'await list:7'], ['find:2', 'await list:8']],
    ['no frames', false, [], ['find:2']],
  ])('compares %s: %j', (_, expected, one, other) => {
    expect(isSameCall(framesAt(...one), framesAt(...other))).toBe(expected)
    expect(isSameCall(framesAt(...other), framesAt(...one))).toBe(expected)
  })
})
