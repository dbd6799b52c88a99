import { describe, expect, it } from 'vitest'

import type { Frame } from '../../src/stack/captured-stack.js'
import { isContinued } from '../../src/stack/continued-call.js'

/** A stack from text: the function, the line, and `*` for an asynchronous frame, from the innermost frame outwards. */
function stackOf(text: string): readonly Frame[] {
  return text.split(' ').map((frame) => {
    const [, name, line, star] = /^([a-z]+)(\d+)(\*?)$/.exec(frame)!
    return {
      site: { isAsync: () => star === '*' } as unknown as NodeJS.CallSite,
      position: { file: 'app.js', line: Number(line), column: 1 },
      functionId: name!,
      named: undefined,
      inParallel: false,
      isCalledByLibrary: false,
    }
  })
}

describe('isContinued', () => {
  it.each([
    ['the same stack', 'loop10 main5*', 'loop10 main5*'],
    ['a call and the await in front of it', 'loop10 main5', 'loop10 main4*'],
    [
      'a call through a function that passes the promise on',
      'loop10 arrow7 main5 test2',
      'loop10 main5* test2*',
    ],
    ['a stack that nothing awaits any more', 'loop10 main5 test2', 'loop10'],
    ['a stack that something awaits now', 'loop10', 'loop10 main5*'],
    ['functions outside that awaited before', 'loop10 main5 test2*', 'loop10 main5* test2*'],
  ])('accepts %s (%s, %s)', (_, before, after) => {
    expect(isContinued(stackOf(before), stackOf(after))).toBe(true)
  })

  it.each([
    ['another line of the query', 'loop10 main5', 'loop11 main5*'],
    ['calls from two lines', 'helper10 main5', 'helper10 main9'],
    ['awaits from two lines', 'helper10 main5*', 'helper10 main9*'],
    ['an await behind the call', 'helper10 main5', 'helper10 main9*'],
    ['another caller that awaited', 'helper10 one5*', 'helper10 two5*'],
    ['another caller outside', 'helper10 main5 one2*', 'helper10 main5* two2*'],
  ])('rejects %s (%s, %s)', (_, before, after) => {
    expect(isContinued(stackOf(before), stackOf(after))).toBe(false)
  })

  it('rejects stacks without a frame', () => {
    expect(isContinued([], stackOf('loop10'))).toBe(false)
    expect(isContinued(stackOf('loop10'), [])).toBe(false)
  })
})
