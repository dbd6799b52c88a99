import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

import envPaths from 'env-paths'

import { JAEGER_VERSION, MODULE, MODULE_VERSION } from './versions.ts'

/** Receives the progress of a build. */
export interface BuildProgress {
  start(what: string): void
  /** @param total `undefined` while Go downloads modules */
  step(done: number, total: number | undefined): void
  end(): void
}

const ERROR_LINES = 8

/**
 * Builds Jaeger from its Go module into a cache folder, unless the folder has it. A build takes some minutes, and three
 * gigabytes in Go's caches.
 *
 * `go install` rejects the module because of the `replace` in its go.mod, and some dependencies are in no checksum
 * database. So this function builds Jaeger as a dependency of a generated module with that `replace` and its checksums.
 *
 * @returns the path of the binary
 * @throws Error with the end of Go's output
 */
export async function buildJaeger(env: NodeJS.ProcessEnv, progress: BuildProgress): Promise<string> {
  const name = process.platform === 'win32' ? 'jaeger.exe' : 'jaeger'
  const { cache } = envPaths('querylens', { suffix: '' })
  const binary = join(cache, `jaeger-${JAEGER_VERSION}-${process.platform}-${process.arch}`, name)
  if (existsSync(binary)) return binary

  const folder = await mkdtemp(join(tmpdir(), 'querylens-jaeger-build-'))
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true })
  // A signal ends the process, and the folder is removed.
  process.once('exit', removeFolder)
  const go: Go = {
    folder,
    env: { ...env, GOFLAGS: `${env['GOFLAGS'] ?? ''} -mod=mod`.trim(), GOWORK: 'off' },
  }
  progress.start(
    `Building Jaeger ${JAEGER_VERSION} from its Go module; this takes some minutes and happens once`,
  )
  try {
    await writeModule(go)
    let downloads = 0
    const packages = await run(go, ['list', '-deps', `${MODULE}/cmd/jaeger`], () =>
      progress.step(++downloads, undefined),
    )
    let compiled = 0
    await run(go, ['build', '-v', '-ldflags=-s -w', '-o', name, `${MODULE}/cmd/jaeger`], () =>
      progress.step(++compiled, packages.length),
    )
    await mkdir(dirname(binary), { recursive: true })
    // A rename is atomic, so concurrent builds never see an incomplete file.
    const whole = `${binary}.${process.pid}`
    await copyFile(join(folder, name), whole)
    await rename(whole, binary)
  } finally {
    progress.end()
    process.off('exit', removeFolder)
    removeFolder()
  }
  return binary
}

interface Go {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}

async function writeModule(go: Go): Promise<void> {
  const { Dir } = await readJson<{ readonly Dir: string }>(go, [
    'download',
    '-json',
    `${MODULE}@${MODULE_VERSION}`,
  ])
  const { Go, Replace } = await readJson<GoMod>(go, ['edit', '-json', join(Dir, 'go.mod')])
  const lines = [
    'module querylens.invalid/jaeger',
    `go ${Go}`,
    `require ${MODULE} ${MODULE_VERSION}`,
    ...(Replace ?? []).map(({ Old, New }) => `replace ${Old.Path} => ${New.Path} ${New.Version ?? ''}`),
  ]
  await writeFile(join(go.folder, 'go.mod'), `${lines.join('\n')}\n`)
  await copyFile(join(Dir, 'go.sum'), join(go.folder, 'go.sum'))
}

async function readJson<T>(go: Go, args: readonly string[]): Promise<T> {
  return JSON.parse((await run(go, ['mod', ...args])).join('\n')) as T
}

/** The part of the output of `go mod edit -json` that is read. */
interface GoMod {
  readonly Go: string
  readonly Replace: readonly { readonly Old: GoModule; readonly New: GoModule }[] | null
}

interface GoModule {
  readonly Path: string
  readonly Version?: string
}

/**
 * Runs Go.
 *
 * @param onLine is called for each line of standard error
 * @returns the lines of its standard output
 */
async function run(
  go: Go,
  args: readonly string[],
  onLine: () => void = () => {},
): Promise<readonly string[]> {
  const child = spawn('go', [...args], { cwd: go.folder, env: go.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = (): void => void child.kill()
  process.once('exit', kill)
  const output: string[] = []
  const errorOutput: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => output.push(line))
  createInterface({ input: child.stderr }).on('line', (line) => {
    errorOutput.push(line)
    onLine()
  })
  const [code] = (await once(child, 'close').finally(() => process.off('exit', kill))) as [number | null]
  if (code === 0) return output
  throw new Error(
    `Building Jaeger from its Go module failed: go ${args[0] ?? ''} ended with ${String(code)}.\n` +
      `${errorOutput.slice(-ERROR_LINES).join('\n')}\n` +
      'Set JAEGER_BIN to the file of a Jaeger v2, from https://www.jaegertracing.io/download.',
  )
}
