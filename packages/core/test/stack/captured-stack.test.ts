import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterEach, describe, expect, it } from 'vitest'

import { pathOf } from '../../src/stack/call-path.js'
import {
  callSiteOf,
  describeCallSite,
  distinctCallSites,
  lineOf,
  shortPath,
  whyNoLine,
} from '../../src/stack/call-site.js'
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

/** A call site in a function that begins in line `begin`. */
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
const linesOf = (frames: readonly Frame[]): number[] => frames.map(({ position }) => position.line)

describe('captureStack', () => {
  it('starts at the caller of the entry point', () => {
    const helper = (): CapturedStack | undefined => captureStack(helper)
    const caller = (): CapturedStack | undefined => helper()
    const [first] = framesOf(caller())
    expect(callSiteOf(first!)).toMatchObject({
      file: 'packages/core/test/stack/captured-stack.test.ts',
      function: 'caller',
    })
  })

  it('restores Error.stackTraceLimit and Error.prepareStackTrace', () => {
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

  it('yields no frames without a readable stack', () => {
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
  it('returns only frames of the application', () => {
    const foreign = [
      'node:internal/timers',
      '/app/node_modules/kysely/dist/index.js',
      'C:\\app\\node_modules\\pg\\index.js',
      'evalmachine.<anonymous>',
      'wasm://wasm/1',
      null,
    ]
    const own = [FILE, 'file:///somewhere/app.js', 'C:\\app\\src\\index.js']
    const files = framesAt(...[...foreign, ...own].map((file) => ({ file }))).map(
      ({ position }) => position.file,
    )
    expect(files).toEqual(own)
  })

  it('marks a frame that Promise.all waits for', () => {
    const frames = framesAt({ line: 1 }, { promiseAll: true }, { line: 2 })
    expect(frames.map(({ inParallel }) => inParallel)).toEqual([true, false])
  })

  it('reads call sites that lack the additional methods of V8', () => {
    const bare = {
      getFileName: () => FILE,
      getFunctionName: () => 'load',
      getLineNumber: () => 5,
      getColumnNumber: () => 7,
    } as unknown as NodeJS.CallSite
    const stack: CapturedStack = { holder: {}, sites: [bare], frames: undefined }
    expect(framesOf(stack)).toMatchObject([
      { position: { file: FILE, line: 5, column: 7 }, inParallel: false },
    ])
    expect(stackKeyOf(stack)).not.toBe(0)
    const other = { ...bare, getLineNumber: () => 6 }
    expect(stackKeyOf({ holder: {}, sites: [other], frames: undefined })).not.toBe(stackKeyOf(stack))
    const unknown = { ...bare, getLineNumber: () => null, getColumnNumber: () => null }
    const sites = [unknown as unknown as NodeJS.CallSite]
    expect(framesOf({ holder: {}, sites, frames: undefined })).toMatchObject([
      { position: { line: 0, column: 0 } },
    ])
  })
})

describe('stackKeyOf', () => {
  it('is equal for equal positions and different for other positions', () => {
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
  it('differs between lines and is equal for all levels of a recursion', () => {
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
    ['undefined without a source', frames, [], undefined],
    [
      'the innermost function that also called the source',
      frames,
      framesAt({ begin: 10, line: 11 }, { begin: 20, line: 22 }),
      12,
    ],
    ['undefined if the stacks share no function', frames, framesAt({ begin: 90, line: 91 }), undefined],
    [
      'the recursive call in a recursion',
      framesAt({ begin: 1, line: 2 }, { begin: 1, line: 4 }, { begin: 1, line: 4 }),
      framesAt({ begin: 1, line: 2 }),
      4,
    ],
    [
      'the caller of a helper that both stacks share',
      framesAt({ begin: 1, line: 2 }, { begin: 10, line: 12 }, { begin: 20, line: 22 }),
      framesAt({ begin: 1, line: 2 }, { begin: 10, line: 11 }, { begin: 20, line: 22 }),
      12,
    ],
    ['the innermost frame if the stacks are equal', frames, frames, 2],
    ['the innermost shared frame if all shared positions are equal', frames, frames.slice(1), 12],
    [
      'the shared function at its own position if no frame is deeper',
      frames,
      framesAt({ begin: 1, line: 2 }),
      2,
    ],
    [
      'the frame that waits in Promise.all',
      framesAt({ begin: 1, line: 2 }, { promiseAll: true }, { begin: 10, line: 12 }, { begin: 20, line: 22 }),
      [],
      12,
    ],
    [
      'the frame that Promise.all waits for if it is the only one',
      framesAt({ line: 2 }, { promiseAll: true }),
      [],
      2,
    ],
    ['undefined without frames', [], [], undefined],
  ])('returns %s', (_, at, source, line) => {
    expect(loopFrameOf(at, source)?.position.line).toBe(line)
  })
})

describe('pathOf', () => {
  const MODULE = '/app/node_modules/koa-compose/index.js'
  const frame = (line: number): Site => ({ begin: line - 1, line })
  const library: Site = { file: MODULE }

  it.each<[string, readonly Site[], number | undefined, readonly number[]]>([
    ['the line of the query if there is no other', [frame(2)], undefined, [2]],
    ['the query, its caller, and the outermost frame', [2, 12, 22, 32].map(frame), undefined, [2, 12, 32]],
    ['the query and the loop where that is known', [2, 12, 22, 32].map(frame), 22, [2, 22]],
    ['one line where the query is in the loop itself', [2, 12, 22].map(frame), 2, [2]],
    ['each line once', [frame(2), { begin: 1, line: 2 }, frame(12)], undefined, [2, 12]],
    [
      'no frame outside the function that a framework calls',
      [frame(2), frame(12), frame(22), library, frame(32)],
      undefined,
      [2, 12, 22],
    ],
    [
      'the caller of a library that calls the function of the query',
      [frame(2), library, frame(12), frame(22), library, frame(32)],
      undefined,
      [2, 12, 22],
    ],
    [
      'frames outside of Kysely and Querylens',
      [
        frame(2),
        { file: '/app/node_modules/.pnpm/kysely@1/node_modules/kysely/dist/index.js' },
        frame(12),
        { file: '/app/node_modules/@querylens/core/dist/index.js' },
        frame(22),
      ],
      undefined,
      [2, 12, 22],
    ],
  ])('has %s', (_, sites, loop, expected) => {
    const frames = framesAt(...sites)
    const path = pathOf(
      frames,
      frames.find(({ position }) => position.line === loop),
    )
    expect(path.map(({ line }) => line)).toEqual(expected)
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
  ])('turns the function name %j into %j', (name, expected) => {
    expect(callSiteOf(framesAt({ name })[0]!).function).toBe(expected)
  })

  describe('with Error.prepareStackTrace', () => {
    const { prepareStackTrace } = Error
    afterEach(() => void (Error.prepareStackTrace = prepareStackTrace))

    const callSiteWith = (text: string, file: string) => {
      const [frame] = framesAt({ file, line: 3 })
      Error.prepareStackTrace = () => text
      const { file: found, line } = callSiteOf(frame!)
      return [found, line]
    }

    it('takes the position that a source map supplies', () => {
      expect(callSiteWith('Error\n    at load (/source/app.ts:42:7)', FILE)).toEqual(['/source/app.ts', 42])
    })

    it.each([
      ['', 'nothing'],
      ['custom', 'a text'],
      ['    at load (<anonymous>)', 'a frame without a position'],
      ['    at load (https://traces.example.com/app.js:42:7)', 'the URL of a page'],
    ])('ignores a formatter that prints "%s": %s', (text) => {
      expect(callSiteWith(text, FILE)).toEqual([FILE, 3])
    })

    it('takes the position in a file that was loaded from a URL', () => {
      const url = 'https://example.com/app.js'
      expect(callSiteWith(`    at load (${url}:42:7)`, url).at(1)).toBe(42)
    })
  })

  it('shortens a path in the working directory and keeps other paths', () => {
    const fileOf = (file: string): string => callSiteOf(framesAt({ file })[0]!).file
    expect(fileOf(`${process.cwd()}/src/app.js`)).toBe('src/app.js')
    expect(fileOf(`file://${process.cwd()}/src/app.js`)).toBe('src/app.js')
    expect(fileOf(FILE)).toBe(FILE)
  })

  it('yields one site for each position in distinctCallSites', () => {
    const frames = framesAt({ line: 1 }, { line: 2 }, { line: 1 })
    expect(distinctCallSites([undefined, ...frames]).map(({ line }) => line)).toEqual([1, 2])
    expect(linesOf(frames)).toEqual([1, 2, 1])
  })
})

describe('whyNoLine', () => {
  const minified = (name: string | null): Frame => {
    const [frame] = framesAt({ name })
    return { ...frame!, position: { ...frame!.position, column: 48_213 } }
  }

  it('names a minified file and the functions whose names are kept', () => {
    const frames = [minified('findByPost'), minified('J_'), minified(null), minified('listPosts')]
    expect(whyNoLine(frames)).toBe(
      'app.js is minified, and Node has no source map of it; functions: findByPost ← listPosts',
    )
    expect(whyNoLine([minified('a')])).toBe('app.js is minified, and Node has no source map of it')
    expect([lineOf(frames[0]), pathOf(frames, undefined), distinctCallSites(frames)]).toEqual([
      undefined,
      [],
      [],
    ])
  })

  it('is undefined where a line is known, and without frames', () => {
    expect([whyNoLine([]), whyNoLine(framesAt({})), lineOf(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(lineOf(framesAt({ line: 3 })[0])?.line).toBe(3)
  })
})

describe('describeCallSite', () => {
  it('includes the name of the function if it has one', () => {
    const site = { file: 'src/posts.ts', line: 42, column: 7 }
    expect(describeCallSite({ ...site, function: 'listPosts' })).toBe('listPosts (src/posts.ts:42)')
    expect(describeCallSite({ ...site, function: undefined })).toBe('src/posts.ts:42')
  })
})

describe('shortPath', () => {
  it.each([
    [join(process.cwd(), 'src', 'posts.ts'), 'src/posts.ts'],
    [pathToFileURL(join(process.cwd(), 'src', 'posts.ts')).href, 'src/posts.ts'],
    ['/elsewhere/posts.ts', '/elsewhere/posts.ts'],
    ['https://host/app.js', 'https://host/app.js'],
    ['webpack://shop/./src/posts.ts', 'webpack://shop/./src/posts.ts'],
  ])('shortens %s to %s', (file, expected) => {
    expect(shortPath(file)).toBe(expected)
  })
})
