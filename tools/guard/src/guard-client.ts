import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

/** What the guard has to run, and to remove when that has ended. */
export interface GuardTask {
  /** One after the other; the last one is the server, which does not end by itself. */
  readonly programs: readonly { readonly program: string; readonly args: readonly string[] }[]
  /** The programs' working folder, with their output in `server.log`. */
  readonly folder: string
  /** Theirs. @default that of this process, with messages in English */
  readonly env?: NodeJS.ProcessEnv
  /** Is run last, whatever became of the others. @default nothing */
  readonly cleanup?: { readonly program: string; readonly args: readonly string[] }
  /** Who runs them; without ids, the user of this process. */
  readonly user?: { readonly uid?: number; readonly gid?: number }
}

/** A server that ends with us. */
export interface Guard {
  /** Settles only when the server ends without being asked to: with the end of its log. */
  readonly failed: Promise<string>
  /** Settles when the server has ended and its folder is gone. */
  stop(): Promise<void>
}

/**
 * Starts a server by a process of its own that ends it when we end, however that happens: the guard's
 * standard input is a pipe from us, which the operating system closes even after SIGKILL. So there are no
 * signal handlers in the host, whose business they are.
 */
export function startGuard(task: GuardTask): Guard {
  const { NODE_OPTIONS: _ofTheHost, ...env } = process.env
  const guard = spawn(process.execPath, [fileURLToPath(new URL('./guard.ts', import.meta.url))], {
    // Ctrl+C in a terminal signals the whole process group: the host decides when its server goes.
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    // Messages in English: one of them is looked for.
    env: { ...env, LC_ALL: 'C' },
  })
  guard.stdin.on('error', () => {})
  guard.stdin.write(`${JSON.stringify(task)}\n`)
  let log = ''
  let stopping = false
  guard.stdout.setEncoding('utf8').on('data', (text: string) => (log += text))
  const closed = once(guard, 'close')
  // A host that forgets to stop its server ends all the same.
  for (const handle of [guard, guard.stdin as Socket, guard.stdout as Socket]) handle.unref()
  return {
    failed: closed.then(() =>
      stopping ? new Promise<never>(() => {}) : log.trim() || 'it ended without a word.',
    ),
    async stop() {
      stopping = true
      guard.ref()
      guard.stdin.end()
      await closed
    },
  }
}
