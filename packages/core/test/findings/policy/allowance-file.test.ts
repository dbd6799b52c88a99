import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { resolveDetectOptions } from '../../../src/findings/detect-options.js'
import type { Allowance } from '../../../src/findings/policy/allowance.js'
import { extendBaseline, writeBaseline } from '../../../src/findings/policy/allowance-file.js'
import { isAllowed } from '../../../src/findings/policy/allowances.js'
import type { Finding } from '../../../src/messages/finding.js'

const allowed: Allowance = { reason: 'a test', scope: 'job' }
let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-allowances-'))
  path = join(folder, 'allow.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const reasons = (file = path): readonly string[] =>
  resolveDetectOptions('test()', { allow: [file] })!.allowances.map(({ allowance }) => allowance.reason)

function errorOf(run: () => unknown): Error & { readonly code?: string } {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error('It did not throw.')
}

describe('a file in the option allow', () => {
  it('may begin with a byte order mark', () => {
    writeFileSync(path, `\uFEFF${JSON.stringify([allowed])}`)
    expect(reasons()).toEqual(['a test'])
  })

  it.each<[string, string, string]>([
    ['no JSON', '[', 'is not JSON.'],
    ['an empty file', '', 'is not JSON.'],
    ['an object', '{ "findings": [] }', 'has to hold a list of allowances, but holds an object.'],
    ['a string', '"s3cret"', 'has to hold a list of allowances, but holds a string.'],
    ['a number', '737373', 'has to hold a list of allowances, but holds a number.'],
    ['null', 'null', 'has to hold a list of allowances, but holds null.'],
  ])('is rejected if it holds %s', (_, text, reason) => {
    writeFileSync(path, text)
    const error = errorOf(reasons)
    expect(error.message).toBe(
      `detect.allow[0] of test() names the file ${path}, which ${reason} writeBaseline(path, findings) writes such a file.`,
    )
    expect(error.code).toBe('QUERYLENS_INVALID_OPTION')
    expect(inspect(error)).not.toMatch(/s3cret|7373/)
  })

  it('shows nothing of a file that is no JSON, in the cause either', () => {
    writeFileSync(path, 'DATABASE_URL=postgres://u:s3cret@host/db')
    const error = errorOf(reasons)
    expect(error.cause).toBeUndefined()
    expect(inspect(error)).not.toContain('DATABASE_U')
  })

  it('is rejected with the true reason if it cannot be read', () => {
    expect(errorOf(reasons).message).toContain('allow.json, which does not exist.')
    expect(errorOf(reasons).cause).toMatchObject({ code: 'ENOENT' })
    expect(errorOf(() => reasons(folder)).message).toContain(', which is a folder.')
    writeFileSync(path, '[]')
    expect(errorOf(() => reasons(join(path, 'x.json'))).message).toContain('x.json, which does not exist.')
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'is rejected if the process may not read it',
    () => {
      writeFileSync(path, '[]')
      chmodSync(path, 0)
      expect(errorOf(reasons).message).toContain('which this process has no permission to read.')
    },
  )

  it.each<[string, string]>([
    ['"x.json"', 'a string of 6 characters'],
    ['null', 'null'],
    ['[]', 'an array of 0'],
  ])('is rejected if an element is %s', (element, what) => {
    writeFileSync(path, `[${JSON.stringify(allowed)}, ${element}]`)
    const error = errorOf(reasons)
    expect(error.message).toBe(
      `${path}[1] has to be an allowance: an object with a reason and at least one condition, but is ${what}.`,
    )
    expect(error.code).toBe('QUERYLENS_INVALID_OPTION')
  })

  it.each<[string, RegExp]>([
    ['{ "scope": "job" }', /allow\.json\[0\] needs a reason\.$/],
    ['{ "reason": "r", "line": 4 }', /allow\.json\[0\] has no option 'line'/],
    [
      '{ "reason": "r", "table": "s3cret*" }',
      /^Option 'table' of .*allow\.json\[0\] takes .* of 7 characters\.$/,
    ],
  ])('is rejected if an element is an invalid allowance: %s', (element, message) => {
    writeFileSync(path, `[${element}]`)
    expect(errorOf(reasons).message).toMatch(message)
  })

  it('is read once for options that are made anew', () => {
    writeFileSync(path, JSON.stringify([allowed]))
    expect(reasons()).toEqual(['a test'])
    rmSync(path)
    expect(reasons()).toEqual(['a test'])
    expect(reasons(relative(process.cwd(), path))).toEqual(['a test'])
  })

  it('is read again once writeBaseline has written it, under any path', () => {
    writeFileSync(path, JSON.stringify([allowed]))
    const link = join(folder, 'link.json')
    symlinkSync(path, link)
    expect([reasons(), reasons(link)]).toEqual([['a test'], ['a test']])
    writeBaseline(relative(process.cwd(), path), [])
    expect([reasons(), reasons(link)]).toEqual([[], []])
  })

  it('is forgotten when the process has read very many', () => {
    writeFileSync(path, JSON.stringify([allowed]))
    reasons()
    writeFileSync(path, '[]')
    for (let index = 0; index < 100; index++) {
      const other = join(folder, `${index}.json`)
      writeFileSync(other, '[]')
      reasons(other)
    }
    expect(reasons()).toEqual([])
  })
})

describe('writeBaseline', () => {
  it.each<[string, unknown, unknown, string]>([
    ['no path', undefined, [], 'takes the path of a file, but got undefined.'],
    ['an empty path', '', [], 'takes the path of a file, but got the string "".'],
    ['no findings', 'x.json', undefined, 'takes a collection of findings, such as .*, but got undefined.'],
    [
      'a string',
      'x.json',
      'abc',
      'takes a collection of findings, such as .*, but got a string of 3 characters.',
    ],
    ['a number among them', 'x.json', [1], 'but number 1 of them is the number 1.'],
    ['undefined among them', 'x.json', new Set([undefined]), 'but number 1 of them is undefined.'],
    [
      'another object',
      'x.json',
      [{ kind: 'n_plus_one' }],
      'but number 1 of them is an object with the keys kind.',
    ],
  ])('rejects %s', (_, file, findings, message) => {
    const target = file === 'x.json' ? path : file
    const error = errorOf(() => writeBaseline(target as string, findings as []))
    expect(error.code).toBe('QUERYLENS_INVALID_ARGUMENT')
    expect(error.message).toMatch(new RegExp(`^writeBaseline\\(path, findings\\) .*${message}$`))
    expect(readdirSync(folder)).toEqual([])
  })

  it('replaces the file as a whole, and leaves no other file', () => {
    writeFileSync(path, 'before')
    const { ino } = lstatSync(path)
    writeBaseline(path, [])
    expect(readFileSync(path, 'utf8')).toBe('[]\n')
    expect(lstatSync(path).ino).not.toBe(ino)
    expect(readdirSync(folder)).toEqual(['allow.json'])
  })

  it('leaves nothing behind if it cannot write', () => {
    mkdirSync(path)
    expect(errorOf(() => writeBaseline(path, [])).code).toMatch(/^E/)
    expect(readdirSync(folder)).toEqual(['allow.json'])
    expect(errorOf(() => writeBaseline(join(folder, 'none', 'x.json'), [])).code).toBe('ENOENT')
  })

  it('keeps a link and writes the file behind it', () => {
    const link = join(folder, 'link.json')
    writeFileSync(path, 'before')
    symlinkSync(path, link)
    writeBaseline(link, [])
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('[]\n')
  })

  it('holds the paths of code from its folder, so that another machine can read it', () => {
    const finding = (file: string): Finding =>
      ({ kind: 'n_plus_one', scope: { name: file }, callSite: { file, line: 1 } }) as unknown as Finding
    const outside = join(folder, '..', 'shared', 'lib.ts')
    writeBaseline(path, [finding(outside), finding('src/app.ts'), finding('webpack://app/src/app.ts')])
    const entries = JSON.parse(readFileSync(path, 'utf8')) as readonly Allowance[]
    const fromFolder = relative(folder, join(process.cwd(), 'src/app.ts'))
    expect(entries.map(({ callSite }) => callSite)).toEqual([
      { file: '../shared/lib.ts', function: null },
      { file: fromFolder, function: null },
      { file: 'webpack://app/src/app.ts', function: null },
    ])
    const { allowances } = resolveDetectOptions('test()', { allow: [path] })!
    const files = ['webpack://app/src/app.ts', outside, 'src/app.ts', 'src/other.ts']
    expect(files.map((file) => isAllowed(allowances, finding(file)))).toEqual([true, true, true, false])
  })

  it('still accepts what an earlier version has written, with paths from the working directory', () => {
    const callSite = { file: 'packages/core/src/index.ts', function: null }
    writeFileSync(path, JSON.stringify([{ kinds: ['n_plus_one'], scope: 'job', callSite, reason: 'known' }]))
    const finding = {
      kind: 'n_plus_one',
      scope: { name: 'job' },
      callSite: { ...callSite, function: undefined, line: 1 },
    } as unknown as Finding
    const { allowances } = resolveDetectOptions('test()', { allow: [path] })!
    expect(isAllowed(allowances, finding)).toBe(true)
    expect(JSON.parse(extendBaseline(path, readFileSync(path, 'utf8'), [finding]))).toMatchObject([
      { reason: 'known' },
    ])
  })
})
