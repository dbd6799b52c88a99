import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'

import { replaceFile } from '@querylens/core/internal'

import { lockFile } from './file-lock.js'

/**
 * Changes a file that several processes change at the same time: each change is made to the text that the one before it has
 * left, and a process that reads the file gets the whole text of one of them.
 *
 * @param change gets the text, `undefined` where there is no file, and returns the new one; `undefined` leaves the file as it
 *   is. What it throws leaves the file as it is, too. It may be called again
 * @throws QuerylensError `QUERYLENS_FILE` if another process holds the file for a minute; the error of the file system
 */
export function updateFile(path: string, change: (text: string | undefined) => string | undefined): void {
  const target = existsSync(path) ? realpathSync(path) : path
  mkdirSync(dirname(target), { recursive: true })
  for (;;) {
    const lock = lockFile(target)
    try {
      const text = existsSync(target) ? readFileSync(target, 'utf8') : undefined
      const changed = change(text)
      if (changed === undefined || changed === text) return
      if (lock.isHeld()) {
        replaceFile(target, changed)
        return
      }
    } finally {
      lock.release()
    }
  }
}
