import { describe, expect, it } from 'vitest'

import { callSiteOf, describeCallSite, distinctCallSites } from '../../src/stack/call-site.js'
import {
  captureStack,
  framesOf,
  isRecursive,
  siteKeyOf,
  stackKeyOf,
  type CapturedStack,
  type Frame,
} from '../../src/stack/captured-stack.js'
import { loopFrameOf } from '../../src/stack/loop-frame.js'

const FILE = '/somewhere/else/app.js'

/** A frame of a function that begins in line `begin`. */
interface Site {
  readonly file?: string | null
  readonly name?: string | null
  readonly begin?: number
  readonly line?: number
  readonly promiseAll?: boolean
}

const siteOf = ({
  file = FILE,
  name = null,
  begin = 1,
  line = 1,
  promiseAll = false,
}: Site): NodeJS.CallSite =>
  ({
    getFileName: () => file,
    getFunctionName: () => name,
    getLineNumber: () => line,
    getColumnNumber: () => 1,
    getEnclosingLineNumber: () => begin,
    getEnclosingColumnNumber: () => 1,
    getPosition: () => line * 100,
    isPromiseAll: () => promiseAll,
    isAsync: () => promiseAll,
  }) as unknown as NodeJS.CallSite

const stackOf = (...sites: readonly Site[]): CapturedStack => ({
  holder: {},
  sites: sites.map(siteOf),
  frames: undefined,
})
const framesAt = (...sites: readonly Site[]): readonly Frame[] => framesOf(stackOf(...sites))
const linesOf = (frames: readonly Frame[]): number[] => frames.map(({ place }) => place.line)

describe('captureStack', () => {
  it('begins with whoever called the function that is given', () => {
    const helper = (): CapturedStack | undefined => captureStack(helper)
    const caller = (): CapturedStack | undefined => helper()
    const [first] = framesOf(caller())
    expect(callSiteOf(first!)).toMatchObject({
      file: 'packages/core/test/stack/captured-stack.test.ts',
      function: 'caller',
    })
  })

  it('leaves the limit and the preparation of stacks as they were', () => {
    const { stackTraceLimit, prepareStackTrace } = Error
    try {
      for (const limit of [0, 3, 100]) {
        Error.stackTraceLimit = limit
        const custom = (): string => 'custom'
        Error.prepareStackTrace = custom
        expect(framesOf(captureStack()).length).toBeGreaterThan(0)
        expect([Error.stackTraceLimit, Error.prepareStackTrace]).toEqual([limit, custom])
      }
    } finally {
      Object.assign(Error, { stackTraceLimit, prepareStackTrace })
    }
  })

  it('reads nothing of what is no stack', () => {
    const odd = {
      get stack(): never {
        throw new Error('no')
      },
    }
    expect(framesOf({ holder: odd, sites: undefined, frames: undefined })).toEqual([])
    expect(framesOf({ holder: { stack: 'text' }, sites: undefined, frames: undefined })).toEqual([])
    expect(framesOf(undefined)).toEqual([])
    expect(stackKeyOf(undefined)).toBe(0)
  })
})

describe('framesOf', () => {
  it('has those of the application alone', () => {
    const foreign = [
      'node:internal/timers',
      '/app/node_modules/kysely/dist/index.js',
      'C:\\app\\node_modules\\pg\\index.js',
      'evalmachine.<anonymous>',
      'wasm://wasm/1',
      null,
    ]
    const own = [FILE, 'file:///somewhere/app.js', 'C:\\app\\src\\index.js']
    const files = framesAt(...[...foreign, ...own].map((file) => ({ file }))).map(({ place }) => place.file)
    expect(files).toEqual(own)
  })

  it('marks what is waited for by Promise.all', () => {
    const frames = framesAt({ line: 1 }, { promiseAll: true }, { line: 2 })
    expect(frames.map(({ inParallel }) => inParallel)).toEqual([true, false])
  })

  it('does without what only V8 has', () => {
    const bare = {
      getFileName: () => FILE,
      getFunctionName: () => 'load',
      getLineNumber: () => 5,
      getColumnNumber: () => 7,
    } as unknown as NodeJS.CallSite
    const stack: CapturedStack = { holder: {}, sites: [bare], frames: undefined }
    expect(framesOf(stack)).toMatchObject([{ place: { file: FILE, line: 5, column: 7 }, inParallel: false }])
    expect(stackKeyOf(stack)).not.toBe(0)
    const other = { ...bare, getLineNumber: () => 6 }
    expect(stackKeyOf({ holder: {}, sites: [other], frames: undefined })).not.toBe(stackKeyOf(stack))
    const unknown = { ...bare, getLineNumber: () => null, getColumnNumber: () => null }
    const sites = [unknown as unknown as NodeJS.CallSite]
    expect(framesOf({ holder: {}, sites, frames: undefined })).toMatchObject([
      { place: { line: 0, column: 0 } },
    ])
  })
})

describe('stackKeyOf', () => {
  it('is one for the same positions, and another for others', () => {
    const key = stackKeyOf(stackOf({ line: 1 }, { line: 2 }))
    expect(key).toBe(stackKeyOf(stackOf({ line: 1 }, { file: 'node:fs', line: 9 }, { line: 2 })))
    for (const other of [
      stackOf({ line: 2 }, { line: 1 }),
      stackOf({ line: 1 }),
      stackOf({ line: 1 }, { line: 3 }),
      stackOf({ line: 1 }, { file: '/other.js', line: 2 }),
    ]) {
      expect(stackKeyOf(other)).not.toBe(key)
    }
  })
})

describe('siteKeyOf', () => {
  it('tells lines apart, and takes the levels of a recursion for one', () => {
    const key = siteKeyOf(framesAt({ begin: 1, line: 2 }, { begin: 10, line: 12 }))
    expect(siteKeyOf(framesAt({ begin: 1, line: 3 }, { begin: 10, line: 12 }))).not.toBe(key)
    expect(siteKeyOf(framesAt({ begin: 1, line: 2 }, { begin: 10, line: 13 }))).not.toBe(key)
    const deeper = framesAt(
      { begin: 1, line: 2 },
      { begin: 1, line: 4 },
      { begin: 1, line: 4 },
      { begin: 10, line: 12 },
    )
    expect(siteKeyOf(deeper)).toBe(key)
    expect(siteKeyOf([])).toBe('')
    expect([isRecursive(deeper), isRecursive(framesAt({ begin: 1 }, { begin: 2 }))]).toEqual([true, false])
  })
})

describe('loopFrameOf', () => {
  const frames = framesAt({ begin: 1, line: 2 }, { begin: 10, line: 12 }, { begin: 20, line: 22 })

  it.each<[string, readonly Frame[], readonly Frame[], number | undefined]>([
    ['the innermost without a source', frames, [], 2],
    [
      'the innermost function that the source was called from',
      frames,
      framesAt({ begin: 10, line: 11 }, { begin: 20, line: 22 }),
      12,
    ],
    ['the innermost where they have no function in common', frames, framesAt({ begin: 90, line: 91 }), 2],
    [
      'in a recursion, the line that goes down',
      framesAt({ begin: 1, line: 2 }, { begin: 1, line: 4 }, { begin: 1, line: 4 }),
      framesAt({ begin: 1, line: 2 }),
      4,
    ],
    [
      'the function around a helper that both went through',
      framesAt({ begin: 1, line: 2 }, { begin: 10, line: 12 }, { begin: 20, line: 22 }),
      framesAt({ begin: 1, line: 2 }, { begin: 10, line: 11 }, { begin: 20, line: 22 }),
      12,
    ],
    ['the innermost where each line gets both', frames, frames, 2],
    ['the innermost of those in common where each line gets both', frames, frames.slice(1), 12],
    ['the line itself where nothing goes down', frames, framesAt({ begin: 1, line: 2 }), 2],
    [
      'what waits for several at once',
      framesAt({ begin: 1, line: 2 }, { promiseAll: true }, { begin: 10, line: 12 }, { begin: 20, line: 22 }),
      [],
      12,
    ],
    ['what is waited for, where nobody else is known', framesAt({ line: 2 }, { promiseAll: true }), [], 2],
    ['none without frames', [], [], undefined],
  ])('is %s', (_, at, source, line) => {
    expect(loopFrameOf(at, source)?.place.line).toBe(line)
  })
})

describe('callSiteOf', () => {
  it.each<[string | null, string | undefined]>([
    ['load', 'load'],
    ['größe_2$', 'größe_2$'],
    ['#secret', '#secret'],
    ['Object.load', undefined],
    ['async Promise.all', undefined],
    ['', undefined],
    [null, undefined],
  ])('with the name %j has the function %j', (name, expected) => {
    expect(callSiteOf(framesAt({ name })[0]!).function).toBe(expected)
  })

  it('has the path below the working directory, or the whole', () => {
    const fileOf = (file: string): string => callSiteOf(framesAt({ file })[0]!).file
    expect(fileOf(`${process.cwd()}/src/app.js`)).toBe('src/app.js')
    expect(fileOf(`file://${process.cwd()}/src/app.js`)).toBe('src/app.js')
    expect(fileOf(FILE)).toBe(FILE)
  })

  it('is told apart by its position', () => {
    const frames = framesAt({ line: 1 }, { line: 2 }, { line: 1 })
    expect(distinctCallSites([undefined, ...frames]).map(({ line }) => line)).toEqual([1, 2])
    expect(linesOf(frames)).toEqual([1, 2, 1])
  })
})

describe('describeCallSite', () => {
  it('has the function, if it has a name', () => {
    const site = { file: 'src/posts.ts', line: 42, column: 7 }
    expect(describeCallSite({ ...site, function: 'listPosts' })).toBe('listPosts (src/posts.ts:42)')
    expect(describeCallSite({ ...site, function: undefined })).toBe('src/posts.ts:42')
  })
})
