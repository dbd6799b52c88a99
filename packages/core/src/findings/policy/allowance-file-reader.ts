import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { QuerylensError } from '../../errors.js'
import type { Allowance } from './allowance.js'
import { fromFileAt } from './allowance-paths.js'

/** The files that options named lately, so that a job which makes its options anew in each run does not read them again. */
const files = new Map<string, readonly Allowance[]>()
const MAX_FILES = 100

const HINT = 'writeBaseline(path, findings) writes such a file.'

/**
 * Reads a JSON file of allowances, whose elements are not checked yet.
 *
 * @param optionName the option that names the file, such as `detect.allow[0] of querylens()`
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for a file that cannot be read, is no JSON, or holds no list. The
 *   error shows nothing of what is in the file: the path may be that of a file with secrets
 */
export function readAllowanceFile(optionName: string, path: string): readonly Allowance[] {
  const key = resolve(path)
  let allowances = files.get(key)
  if (allowances === undefined) {
    const file = `${optionName} names the file ${path}, which`
    allowances = parseList(file, readText(file, path)).map((allowance) => fromFileAt(path, allowance))
    if (files.size >= MAX_FILES) files.clear()
    files.set(key, allowances)
  }
  return allowances
}

/** Has all files read anew when options name them next; one of them may have changed, under any of its paths. */
export function forgetAllowanceFiles(): void {
  files.clear()
}

function readText(file: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = reasonOf((cause as NodeJS.ErrnoException).code)
    throw new QuerylensError('QUERYLENS_INVALID_OPTION', `${file} ${reason}. ${HINT}`, { cause })
  }
}

function reasonOf(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'does not exist'
    case 'EISDIR':
      return 'is a folder'
    case 'EACCES':
    case 'EPERM':
      return 'this process has no permission to read'
    default:
      return `cannot be read (${code ?? 'for an unknown reason'})`
  }
}

/** @param file the subject of the error's sentence */
export function parseList(file: string, text: string): readonly Allowance[] {
  let content: unknown
  try {
    // Some editors put a byte order mark in front of the text.
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The error of JSON.parse quotes the text, so it does not become the cause.
    throw new QuerylensError('QUERYLENS_INVALID_OPTION', `${file} is not JSON. ${HINT}`)
  }
  if (Array.isArray(content)) return content as readonly Allowance[]
  const type = content === null ? 'null' : `${typeof content === 'object' ? 'an' : 'a'} ${typeof content}`
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `${file} has to hold a list of allowances, but holds ${type}. ${HINT}`,
  )
}
