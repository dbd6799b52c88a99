import { randomUUID } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'

import { QuerylensError } from '@querylens/core'

/** The pause between two attempts. */
const PAUSE_MILLIS = 5

/** A holder needs milliseconds. One whose process cannot be asked for has ended after this time. */
const STALE_MILLIS = 10_000

const GIVE_UP_MILLIS = 60_000

/** A file of locks that one process holds at a time. */
export interface FileLock {
  /** Whether no other process has taken the lock over, as happens where this one was suspended for long. */
  isHeld(): boolean
  release(): void
}

/**
 * Locks a file, by a file beside it with the ending `.lock`. It waits for the process that holds the lock, and takes over the
 * lock of a process that has ended. It waits without the event loop and without a clock, which tests replace.
 *
 * @param target the file itself rather than a link to it, so that all processes use the same lock
 * @throws QuerylensError `QUERYLENS_FILE` if it cannot get the lock within a minute
 * @throws the error of the file system if it cannot write the file of the lock
 */
export function lockFile(target: string): FileLock {
  const path = `${target}.lock`
  const own = `${randomUUID()} ${process.pid} ${hostname()}`
  let seen: string | undefined
  let sameMillis = 0
  for (let waited = 0; waited < GIVE_UP_MILLIS; waited += PAUSE_MILLIS) {
    if (createFile(path, own)) {
      const isHeld = (): boolean => readHolder(path) === own
      return { isHeld, release: () => isHeld() && rmSync(path, { force: true }) }
    }
    const holder = readHolder(path)
    sameMillis = holder === seen ? sameMillis + PAUSE_MILLIS : 0
    seen = holder
    if (holder === undefined) continue
    if (hasEnded(holder) || sameMillis >= STALE_MILLIS) removeStale(path, holder)
    else sleep(PAUSE_MILLIS)
  }
  throw new QuerylensError(
    'QUERYLENS_FILE',
    `${target} is locked by another process. If none runs, delete ${path} and the files whose names begin with it.`,
  )
}

/** @returns `false` if the file is there already */
function createFile(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @returns `undefined` if nobody holds the lock, and `''` while the holder writes its file */
function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the process of a holder is known to have ended. That of another machine or container cannot be asked for. */
function hasEnded(holder: string): boolean {
  const [, pid, ...host] = holder.split(' ')
  if (pid === undefined || host.join(' ') !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/**
 * Removes the lock of a holder that has ended. Of several processes that see it, one removes it: otherwise the second one would
 * remove the lock that the first one has got since.
 */
function removeStale(path: string, holder: string): void {
  const claim = `${path}.${holder.split(' ')[0] ?? ''}`
  if (!createFile(claim, '')) {
    sleep(PAUSE_MILLIS)
    return
  }
  try {
    if (readHolder(path) === holder) rmSync(path, { force: true })
  } finally {
    rmSync(claim, { force: true })
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

const neverNotified = new Int32Array(new SharedArrayBuffer(4))

function sleep(millis: number): void {
  Atomics.wait(neverNotified, 0, 0, millis)
}
