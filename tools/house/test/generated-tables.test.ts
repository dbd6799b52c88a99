import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { rewriteTables, type DocumentedKind } from '../src/generated-tables.ts'
import { readDocComment, readOptions } from '../src/read-options.ts'
import { repositoryRoot } from '../src/repository.ts'

const SOURCES: Readonly<Record<string, string>> = {
  'core/index.ts': `export { type DetectOptions as Detect } from './detect.js'`,
  'core/detect.ts': `
    import type { LoopOptions } from './kinds/loop.js'
    import type { WaitOption as Waits } from './kinds/wait.js'

    export interface DetectOptions extends LoopOptions, Waits {
      /**
       * What happens with a finding, besides its message on
       * \`channels.finding\`.
       *
       * More of it, which the table leaves out.
       *
       * @default 'report'
       */
      readonly mode?: 'report' | 'warn' | undefined
    }`,
  'core/kinds/loop.ts': `
    /** Its option. */
    export interface LoopOptions {
      /** N+1 loops: \`boolean | { atLeast }\`. @default { atLeast: 5 }, unless proven */
      readonly nPlusOne?: boolean | undefined
      /** The mode of {@link LoopOptions}, which the other one hides. */
      readonly mode?: string
    }`,
  'core/kinds/wait.ts': `
    interface WaitOption {
      /** Waits. */
      readonly poolWait: boolean
    }
    export type { WaitOption }`,
  'core/kinds/chatty.ts': `
    declare module './wait.js' {
      interface WaitOption {
        /** Many statements. @default { atLeast: 100 } */
        readonly chattyScope?: boolean
      }
      interface Other {
        readonly nothing?: boolean
      }
    }
    declare module './loop.js' {
      interface WaitOption {
        readonly elsewhere?: boolean
      }
    }`,
  'core/undocumented.ts': `export interface Undocumented {
      /** Not this one's. */
      // A line between.
      readonly bare?: number
    }
    export interface TagsAlone {
      /** @default 5 */
      readonly bare?: number
    }`,
}

const KINDS: readonly DocumentedKind[] = [
  {
    kind: 'n_plus_one',
    option: 'nPlusOne',
    docs: { what: 'one call site …', opens: 'at the 5th', example: '`50x select order_items`' },
  },
  {
    kind: 'pool_wait',
    option: 'poolWait',
    docs: { what: 'waits', opens: '1 s', example: 'waited `1 | 2` s' },
  },
]

const sources = {
  read(path: string): string {
    const source = SOURCES[path]
    if (source === undefined) throw new Error(`${path}: no such file`)
    return source
  },
  augmenting: ['core/kinds/loop.ts', 'core/kinds/chatty.ts'],
}
const rewrite = (...lines: readonly string[]) =>
  rewriteTables(lines.join('\n'), { ...sources, kinds: KINDS }).split('\n')

describe('rewriteTables', () => {
  it('replaces what stands between the markers of a type', () => {
    expect(
      rewrite(
        '# Title',
        '',
        '<!-- options: core/detect.ts DetectOptions -->',
        'old',
        '<!-- /options -->',
        'End',
      ),
    ).toEqual([
      '# Title',
      '',
      '<!-- options: core/detect.ts DetectOptions -->',
      '',
      '| option        | default                         | what                                                                    |',
      '| ------------- | ------------------------------- | ----------------------------------------------------------------------- |',
      "| `mode`        | `'report'`                      | What happens with a finding, besides its message on `channels.finding`. |",
      '| `nPlusOne`    | `{ atLeast: 5 }`, unless proven | N+1 loops: `boolean \\| { atLeast }`.                                    |',
      '| `poolWait`    | required                        | Waits.                                                                  |',
      '| `chattyScope` | `{ atLeast: 100 }`              | Many statements.                                                        |',
      '',
      '<!-- /options -->',
      'End',
    ])
  })

  it('shows the chosen columns of the kinds, with their titles', () => {
    expect(
      rewrite('<!-- finding kinds: kind, example, opens as default -->', '<!-- /finding kinds -->'),
    ).toEqual([
      '<!-- finding kinds: kind, example, opens as default -->',
      '',
      '| kind         | example                  | default    |',
      '| ------------ | ------------------------ | ---------- |',
      '| `n_plus_one` | `50x select order_items` | at the 5th |',
      '| `pool_wait`  | waited `1 \\| 2` s        | 1 s        |',
      '',
      '<!-- /finding kinds -->',
    ])
  })

  it('changes nothing the second time, and a page without markers never', () => {
    const once = rewrite('<!-- options: core/index.ts Detect -->', '<!-- /options -->')
    expect(rewrite(...once)).toEqual(once)
    expect(rewrite('# Title', '', '| a |', '| - |')).toEqual(['# Title', '', '| a |', '| - |'])
  })

  it('writes what oxfmt leaves as it is', () => {
    const page = `${rewrite(
      '<!-- options: core/index.ts Detect -->',
      '<!-- /options -->',
      '',
      '<!-- finding kinds: kind, what, example, option -->',
      '<!-- /finding kinds -->',
    ).join('\n')}\n`
    const oxfmt = join(repositoryRoot, 'node_modules', 'oxfmt', 'bin', 'oxfmt')
    const formatted = execFileSync(process.execPath, [oxfmt, '--stdin-filepath', 'page.md'], {
      cwd: repositoryRoot,
      input: page,
      encoding: 'utf8',
    })
    expect(formatted).toBe(page)
  })

  it('refuses a marker without its counterpart, an unknown column and an unknown type', () => {
    expect(() => rewrite('<!-- options: core/detect.ts DetectOptions -->')).toThrow('no counterpart')
    expect(() => rewrite('<!-- /finding kinds -->')).toThrow('no counterpart')
    expect(() => rewrite('<!-- finding kinds: kind, size -->', '<!-- /finding kinds -->')).toThrow(
      'not  size',
    )
    expect(() => rewrite('<!-- options: core/detect.ts Nothing -->', '<!-- /options -->')).toThrow(
      'no interface Nothing',
    )
  })
})

describe('readOptions', () => {
  it('follows re-exports, extended interfaces and what other files add, and keeps the nearest of equal names', () => {
    expect(readOptions('core/index.ts', 'Detect', sources).map(({ name }) => name)).toEqual([
      'mode',
      'nPlusOne',
      'poolWait',
      'chattyScope',
    ])
  })

  it('refuses a member without a doc comment, and a comment without a description', () => {
    expect(() => readOptions('core/undocumented.ts', 'Undocumented', sources)).toThrow(
      'core/undocumented.ts: bare has no doc comment',
    )
    expect(() => readOptions('core/undocumented.ts', 'TagsAlone', sources)).toThrow(
      'core/undocumented.ts: the doc comment of bare has no description',
    )
  })
})

describe('readDocComment', () => {
  it('takes the first paragraph and the default', () => {
    expect(
      readDocComment('*\n * One\n * {@link Two}.\n *\n * Three.\n *\n * @default by\n *   the dialect\n '),
    ).toEqual({ description: 'One `Two`.', defaultText: 'by the dialect' })
  })

  it('reads a comment of one line, and leaves an address with @ in the text', () => {
    expect(readDocComment('* Of `@querylens/core`. @default none ')).toEqual({
      description: 'Of `@querylens/core`.',
      defaultText: 'none',
    })
    expect(readDocComment('* No default.')).toEqual({ description: 'No default.', defaultText: undefined })
  })
})
