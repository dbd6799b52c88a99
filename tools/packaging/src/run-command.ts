import { spawn } from 'node:child_process'

/** The options of one program. */
export interface CommandOptions {
  readonly cwd: string
  /** Additional environment variables. @default none */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Called once, when the program has written this line. @default none */
  readonly onLine?: { readonly line: string; readonly call: (pid: number) => void } | undefined
  /** @default 150 seconds */
  readonly timeoutMillis?: number | undefined
}

/** The end of a program, and the text of both of its outputs. */
export interface CommandResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Runs a program to its end. Rejects only if it cannot start or takes too long. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm and pnpm are command scripts on Windows.
      shell: process.platform === 'win32',
    })
    let output = ''
    let hasCalled = false
    const timeoutMillis = options.timeoutMillis ?? 150_000
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${command} ${args.join(' ')} took more than ${timeoutMillis} ms:\n${output}`))
    }, timeoutMillis)
    const read = (chunk: string): void => {
      output += chunk
      if (hasCalled || options.onLine === undefined || child.pid === undefined) return
      if (!output.split('\n').includes(options.onLine.line)) return
      hasCalled = true
      options.onLine.call(child.pid)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, output })
    })
  })
}

/** Runs a program that must succeed, and returns its output. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { code, signal, output } = await runCommand(command, args, options)
  if (code === 0) return output
  throw new Error(`${command} ${args[0] ?? ''} ended with ${signal ?? code}:\n${output.trim()}`)
}
