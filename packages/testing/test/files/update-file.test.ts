import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { updateFile } from '../../src/files/update-file.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-files-'))
  path = join(folder, 'a.txt')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('updateFile', () => {
  it('makes the file and its folder', () => {
    const inner = join(folder, 'b', 'c', 'a.txt')
    updateFile(inner, (text) => `${text}`)
    expect(readFileSync(inner, 'utf8')).toBe('undefined')
  })

  it('leaves the file as it is where nothing changes, and where the change throws', () => {
    writeFileSync(path, 'text')
    const { ino } = lstatSync(path)
    updateFile(path, (text) => text)
    updateFile(path, () => undefined)
    expect(() =>
      updateFile(path, () => {
        throw new Error('wrong')
      }),
    ).toThrow('wrong')
    expect(lstatSync(path).ino).toBe(ino)
    expect(readdirSync(folder)).toEqual(['a.txt'])
  })

  it('keeps a link, and locks the file behind it', () => {
    writeFileSync(path, 'text')
    const link = join(folder, 'link.txt')
    symlinkSync(path, link)
    updateFile(link, (text) => {
      expect(readdirSync(folder)).toEqual(['a.txt', 'a.txt.lock', 'link.txt'])
      return `${text}!`
    })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('text!')
  })

  it('makes the change again where another process has taken the lock over', () => {
    writeFileSync(path, 'a')
    const seen: (string | undefined)[] = []
    updateFile(path, (text) => {
      seen.push(text)
      if (seen.length === 1) {
        // As a process does after this one was suspended for long.
        rmSync(`${path}.lock`)
        writeFileSync(path, 'b')
      }
      return `${text}!`
    })
    expect(seen).toEqual(['a', 'b'])
    expect(readFileSync(path, 'utf8')).toBe('b!')
  })
})
