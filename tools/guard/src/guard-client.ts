import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'

/** The programs that the guard runs, and the folder that it removes when they have ended. */
export interface GuardTask {
  /** Run in sequence. The last program is the server, which runs until it is stopped. */
  readonly programs: readonly { readonly program: string; readonly args: readonly string[] }[]
  /** The working folder of the programs, with their output in `server.log`. */
  readonly folder: string
  /** The environment of the programs. @default that of this process, with messages in English */
  readonly env?: NodeJS.ProcessEnv
  /** A program that runs after the others have ended or failed. @default none */
  readonly cleanup?: { readonly program: string; readonly args: readonly string[] }
  /** The user that runs the programs. @default the user of this process */
  readonly user?: { readonly uid?: number; readonly gid?: number }
}

/** A server that ends with this process. */
export interface Guard {
  /** Resolves with the end of the server's log if the server ends before `stop`. */
  readonly failed: Promise<string>
  /** Resolves when the server has ended and its folder is removed. */
  stop(): Promise<void>
}

/**
 * Starts a server through a guard: a process that ends the server when this process ends in any way. The standard input of
 * the guard is a pipe from this process, which the operating system closes even after SIGKILL. So this process needs no
 * signal handlers.
 */
export function startGuard(task: GuardTask): Guard {
  const { NODE_OPTIONS: _nodeOptions, ...env } = process.env
  const file = fileURLToPath(new URL('./guard.ts', import.meta.url))
  const guard = spawn(process.execPath, [...RUN_TYPESCRIPT, file], {
    // Ctrl+C in a terminal signals the whole process group, but this process decides when its server ends.
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    // `startPostgres` looks for one of the messages in English.
    env: { ...env, LC_ALL: 'C' },
  })
  guard.stdin.on('error', () => {})
  guard.stdin.write(`${JSON.stringify(task)}\n`)
  let log = ''
  let stopping = false
  guard.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
  const closed = once(guard, 'close')
  // A running server must not keep this process alive.
  for (const handle of [guard, guard.stdin as Socket, guard.stdout as Socket]) handle.unref()
  return {
    failed: closed.then(() =>
      stopping ? new Promise<never>(() => {}) : log.trim() || 'it ended without output.',
    ),
    async stop() {
      stopping = true
      guard.ref()
      guard.stdin.end()
      await closed
    },
  }
}
