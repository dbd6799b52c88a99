import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

import { buildJaeger, type BuildProgress } from './build-jaeger.ts'
import { IMAGE } from './versions.ts'

/** The way to run Jaeger. */
export type JaegerProgram =
  | { readonly kind: 'binary'; readonly path: string; readonly origin: string }
  | { readonly kind: 'container'; readonly image: string; readonly origin: string }

const ANSWER_MILLIS = 10_000

const NONE = `There is no Jaeger on this machine, and no way to get one. Install one of:
  - a Jaeger v2 from https://www.jaegertracing.io/download on the PATH, or its file in JAEGER_BIN
  - a running Docker daemon, for the image ${IMAGE}
  - Go 1.24.6 or later (https://go.dev/dl), which builds Jaeger once`

/**
 * Finds the binary in `JAEGER_BIN` or on the `PATH`; otherwise a container if a Docker daemon runs; otherwise builds a
 * binary with Go, once.
 *
 * @throws Error that says what to install if it finds none, or what is wrong with `JAEGER_BIN`
 */
export async function findJaeger(env: NodeJS.ProcessEnv, progress: BuildProgress): Promise<JaegerProgram> {
  const installed = findInstalled(env)
  if (installed !== undefined) return installed
  if (succeeds('docker', ['info', '--format', '{{.ServerVersion}}'], env)) {
    return { kind: 'container', image: IMAGE, origin: `the image ${IMAGE}` }
  }
  if (succeeds('go', ['version'], env)) {
    return { kind: 'binary', path: await buildJaeger(env, progress), origin: 'its Go module' }
  }
  throw new Error(NONE)
}

/** @throws Error that says what is wrong with `JAEGER_BIN` */
function findInstalled(env: NodeJS.ProcessEnv): JaegerProgram | undefined {
  const chosen = env['JAEGER_BIN']
  if (chosen) {
    const path = resolve(chosen)
    const problem = reasonNotToRun(path, env)
    if (problem === undefined) return { kind: 'binary', path, origin: 'JAEGER_BIN' }
    throw new Error(
      `JAEGER_BIN is ${chosen}, ${problem}; it takes the file of a Jaeger v2, from ` +
        'https://www.jaegertracing.io/download. Unset it to find or build a Jaeger.',
    )
  }
  const path = findOnPath('jaeger', env)
  if (path === undefined || reasonNotToRun(path, env) !== undefined) return undefined
  return { kind: 'binary', path, origin: path }
}

/** Checks the version too, because Jaeger v1 has other files and flags. */
function reasonNotToRun(path: string, env: NodeJS.ProcessEnv): string | undefined {
  if (!existsSync(path)) return 'which does not exist'
  const { error, status, stdout, stderr } = spawnSync(path, ['--help'], {
    env,
    encoding: 'utf8',
    timeout: ANSWER_MILLIS,
    windowsHide: true,
  })
  if (error !== undefined) return `which does not run (${error.message})`
  if (status !== 0) return `which ends with ${String(status)}: ${stderr.trim().split('\n')[0] ?? ''}`
  return /jaeger/i.test(stdout) && stdout.includes('--config') ? undefined : 'which is no Jaeger v2'
}

function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const file = process.platform === 'win32' ? `${name}.exe` : name
  return (env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => resolve(join(folder, file)))
    .find((path) => existsSync(path))
}

function succeeds(program: string, args: readonly string[], env: NodeJS.ProcessEnv): boolean {
  return (
    spawnSync(program, args, { env, stdio: 'ignore', timeout: ANSWER_MILLIS, windowsHide: true }).status === 0
  )
}
