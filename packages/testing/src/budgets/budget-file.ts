import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

import { QuerylensError } from '@querylens/core'

import { updateFile } from '../files/update-file.js'
import { fileError, formatBudgets, parseBudgets } from './budget-text.js'
import type { Budgets } from './budgets.js'

/** The file that was read last, for the next test of the same file. */
let last: { readonly version: string; readonly budgets: Budgets } | undefined

/**
 * Reads a file of budgets.
 *
 * @returns `undefined` if there is no file
 * @throws QuerylensError `QUERYLENS_FILE` if it cannot be read, or holds something else
 */
export function readBudgets(path: string): Budgets | undefined {
  try {
    const version = versionOf(path)
    if (version === undefined) return undefined
    if (last?.version !== version) last = { version, budgets: parseBudgets(readFileSync(path, 'utf8'), path) }
    return last.budgets
  } catch (error) {
    throw ofFile(error, path, 'read')
  }
}

/** Differs between two texts of one file, because a file of budgets is always replaced as a whole. */
function versionOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.size} ${resolve(path)}`
}

/**
 * Changes a file of budgets, which other processes may change at the same time.
 *
 * @param change gets the budgets that are in the file now
 * @throws QuerylensError `QUERYLENS_FILE` if the file cannot be read or written, or holds something else; it stays as it is
 */
export function updateBudgets(path: string, change: (budgets: Budgets) => Budgets): void {
  last = undefined
  try {
    updateFile(path, (text) =>
      formatBudgets(change(text === undefined ? new Map<string, never>() : parseBudgets(text, path))),
    )
  } catch (error) {
    throw ofFile(error, path, 'written')
  }
}

function ofFile(error: unknown, path: string, action: 'read' | 'written'): unknown {
  if (error instanceof QuerylensError) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === undefined) return error
  return fileError(path, `cannot be ${action}: ${reasonOf(code)}`, '', error)
}

function reasonOf(code: string): string {
  switch (code) {
    case 'EISDIR':
      return 'it is a folder'
    case 'ENOTDIR':
      return 'a part of its path is no folder'
    case 'EACCES':
    case 'EPERM':
      return 'this process has no permission'
    case 'EROFS':
      return 'the file system is read-only'
    default:
      return code
  }
}
