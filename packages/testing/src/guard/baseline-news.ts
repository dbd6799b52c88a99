import process from 'node:process'

import { processState } from '@querylens/core/internal'

const state = processState('baselineNews', () => ({
  /** The number of entries that were added since the last report, by file. */
  added: new Map<string, number>(),
  listens: false,
}))

/** Notes entries that were added to a baseline. */
export function noteAdded(file: string, count: number): void {
  state.added.set(file, count + (state.added.get(file) ?? 0))
  if (state.listens) return
  state.listens = true
  process.once('exit', reportBaseline)
}

/**
 * Prints what was added to baselines since the last report. The entry points for runners call it after each test file; otherwise
 * it happens when the process exits.
 */
export function reportBaseline(): void {
  for (const [file, count] of state.added) {
    process.stderr.write(`querylens: added ${count} finding${count === 1 ? '' : 's'} to ${file}.\n`)
  }
  state.added.clear()
}
