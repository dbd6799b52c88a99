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

/** How long a server has for a clean end before it is killed. */
const STOP_DEADLINE_MILLIS = 10_000
const LOG_LINES = 5

const input = createInterface({ input: process.stdin })
let running: ChildProcess | undefined
let asked = false

function stop(): void {
  asked = true
  // SIGINT is PostgreSQL's "fast" shutdown, which ends the sessions; other servers take it for Ctrl+C.
  running?.kill('SIGINT')
  setTimeout(() => running?.kill('SIGKILL'), STOP_DEADLINE_MILLIS).unref()
}

/** Gives the reason why it ended, which is of interest unless it was asked to. */
async function run({ programs, folder, env, user }: GuardTask): Promise<string> {
  const logFile = join(folder, 'server.log')
  for (const { program, args } of programs) {
    if (asked) break
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
      // Without being asked it failed, and who started it tries again or removes the folder.
      if (asked) rmSync(task.folder, { recursive: true, force: true, maxRetries: 5 })
      else process.stdout.write(reason)
      process.exitCode = asked ? 0 : 1
      // The pipe may still be open.
      process.stdin.destroy()
    })
})
