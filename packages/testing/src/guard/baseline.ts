import { existsSync } from 'node:fs'
import process from 'node:process'

import { QuerylensError, type Finding } from '@querylens/core'
import { describeValue, extendBaseline } from '@querylens/core/internal'

import { updateFile } from '../files/update-file.js'
import { noteAdded } from './baseline-news.js'

/**
 * Whether findings go to the baseline instead of failing their test.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for a value of `QUERYLENS_BASELINE` that is not `write`
 */
export function isBaselineWritten(env: NodeJS.ProcessEnv = process.env): boolean {
  const { QUERYLENS_BASELINE: mode = '' } = env
  if (mode === '' || mode === 'write') return mode === 'write'
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `The environment variable QUERYLENS_BASELINE takes 'write', but got ${describeValue(mode)}.`,
  )
}

/**
 * The baseline as an element of `allow`.
 *
 * @param isOptional whether there may be no such file
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` if it does not exist, but has to
 */
export function existingBaseline(path: string, isOptional: boolean): readonly string[] {
  if (existsSync(path)) return [path]
  if (isOptional) return []
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `Option 'baseline' of guardQueries() names the file ${path}, which does not exist in ${process.cwd()}. Run the tests with QUERYLENS_BASELINE=write, which writes it.`,
  )
}

/**
 * Adds findings to a baseline, to which other processes may add at the same time.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` if the file holds something else; `QUERYLENS_FILE` if another process
 *   locks it for a minute; the error of the file system if it cannot be written
 */
export function addToBaseline(path: string, findings: readonly Finding[]): void {
  let count = 0
  updateFile(path, (text) => {
    const extended = extendBaseline(path, text, findings)
    // A file that a person has merged may have had an entry twice.
    count = Math.max(0, entriesIn(extended) - entriesIn(text))
    return extended
  })
  noteAdded(path, count)
}

/** The number of entries of a baseline that `extendBaseline` has read or written. */
function entriesIn(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? 0 : (JSON.parse(text) as readonly unknown[]).length
}
