/**
 * A process that starts a server, ends it when standard input ends, and removes its folder.
 *
 * @packageDocumentation
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { GuardTask } from './guard-client.ts'

/** How long a server has for a clean end before it is killed. */
const STOP_DEADLINE_MILLIS = 10_000
const LOG_LINES = 5

const input = createInterface({ input: process.stdin })
input.once('line', (line) => {
  const { program, args, folder, user } = JSON.parse(line) as GuardTask
  const logFile = join(folder, 'server.log')
  const log = openSync(logFile, 'a')
  const server = spawn(program, [...args], {
    cwd: folder,
    stdio: ['ignore', log, log],
    windowsHide: true,
    ...(user.uid !== undefined && { uid: user.uid, gid: user.gid }),
  })
  closeSync(log)
  let asked = false
  const stop = (): void => {
    asked = true
    // SIGINT is PostgreSQL's "fast" shutdown: it ends the sessions and does not wait for them.
    server.kill('SIGINT')
    setTimeout(() => server.kill('SIGKILL'), STOP_DEADLINE_MILLIS).unref()
  }
  input.once('close', stop)
  process.once('SIGTERM', stop)
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})

  const end = (reason: string): void => {
    // Without being asked it failed, and who started it tries again or removes the folder.
    if (asked) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    else process.stdout.write(reason)
    // The pipe may still be open.
    process.exitCode = asked ? 0 : 1
    process.stdin.destroy()
  }
  server.once('error', (error) => end(error.message))
  server.once('exit', () =>
    end(asked ? '' : readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_LINES).join('\n')),
  )
})
