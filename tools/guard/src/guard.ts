/**
 * A process that runs a server, ends it when standard input ends, and removes its folder.
 *
 * @packageDocumentation
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { GuardTask } from './guard-client.ts'

/** Time for a clean end before the guard kills the server. */
const STOP_DEADLINE_MILLIS = 10_000
const LOG_LINES = 5

const input = createInterface({ input: process.stdin })
let running: ChildProcess | undefined
let isStopping = false

function stop(): void {
  isStopping = true
  // SIGINT is PostgreSQL's "fast" shutdown, which ends the sessions. Other servers treat it as Ctrl+C.
  running?.kill('SIGINT')
  setTimeout(() => running?.kill('SIGKILL'), STOP_DEADLINE_MILLIS).unref()
}

/**
 * Runs the programs.
 *
 * @returns the end of the log, which says why the server ended
 */
async function run({ programs, folder, env, user }: GuardTask): Promise<string> {
  const logFile = join(folder, 'server.log')
  for (const { program, args } of programs) {
    if (isStopping) break
    const log = openSync(logFile, 'a')
    running = spawn(program, [...args], {
      cwd: folder,
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...(env !== undefined && { env }),
      ...user,
    })
    closeSync(log)
    const [code, signal] = (await once(running, 'exit')) as [number | null, NodeJS.Signals | null]
    if (signal !== null) return `${endOf(logFile)}\n${signal} ended it.`
    if (code !== 0) break
  }
  return endOf(logFile)
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n')
}

input.once('line', (line) => {
  const task = JSON.parse(line) as GuardTask
  input.once('close', stop)
  process.once('SIGTERM', stop)
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  void run(task)
    .catch(String)
    .then((reason) => {
      const { cleanup, env } = task
      if (cleanup !== undefined) {
        spawnSync(cleanup.program, [...cleanup.args], { stdio: 'ignore', ...(env !== undefined && { env }) })
      }
      // After a failure, the host retries in the folder or removes it.
      if (isStopping) rmSync(task.folder, { recursive: true, force: true, maxRetries: 5 })
      else process.stdout.write(reason)
      process.exitCode = isStopping ? 0 : 1
      // The pipe may still be open.
      process.stdin.destroy()
    })
})
