import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { runOrThrow } from './run-command.ts'

/** One generation of OpenTelemetry that applications use. */
export interface OpenTelemetryPair {
  readonly name: string
  readonly dependencies: { readonly '@opentelemetry/api': string; readonly '@opentelemetry/sdk-node': string }
}

/** The two generations that the peer ranges of `@querylens/exporter` allow; both must work. */
export const openTelemetryPairs: readonly OpenTelemetryPair[] = [
  {
    name: 'api 1.9 and SDK 2',
    dependencies: { '@opentelemetry/api': '1.9.1', '@opentelemetry/sdk-node': '0.223.0' },
  },
  {
    name: 'api 1.10 and SDK 3',
    dependencies: { '@opentelemetry/api': '1.10.0', '@opentelemetry/sdk-node': '0.301.0' },
  },
]

/** Further dependencies of the consumer, in the versions that the workspace tests with. */
export const COMMON = {
  kysely: '0.29.9',
  typescript: '7.0.2',
  // The last line with `moduleResolution: node` as a supported setting.
  'typescript-5': 'npm:typescript@5.9.3',
  '@types/node': '24.19.2',
  vitest: '5.1.1',
  '@jest/globals': '30.5.2',
}

/**
 * Creates an application outside the workspace and installs the tarballs into it with npm, as a user does.
 *
 * @param tarballs file names by package name
 * @throws Error if npm fails or installs a package of Querylens twice
 */
export async function installConsumer(
  folder: string,
  pair: OpenTelemetryPair,
  tarballs: ReadonlyMap<string, string>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await cp(join(import.meta.dirname, '..', 'consumer'), folder, { recursive: true })
  const ours = [...tarballs].map(([name, file]) => [name, `file:${file}`])
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...Object.fromEntries(ours), ...pair.dependencies, ...COMMON },
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  await runOrThrow('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder })
  await checkInstalled(folder, pair)
}

/** Checks that each package is installed once, and that the SDK has the expected version. */
async function checkInstalled(folder: string, pair: OpenTelemetryPair): Promise<void> {
  const lock = JSON.parse(await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>
  }
  const versionsOf = (name: string): string[] =>
    Object.entries(lock.packages)
      .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
      .map(([, { version }]) => version ?? '?')
  for (const name of ['@querylens/core', 'kysely', ...Object.keys(pair.dependencies)]) {
    const versions = versionsOf(name)
    if (versions.length !== 1)
      throw new Error(`${name} is installed ${versions.length} times: ${versions.join(', ')}`)
  }
  for (const [name, version] of Object.entries(pair.dependencies)) {
    if (versionsOf(name)[0] !== version) throw new Error(`${name} is ${versionsOf(name)[0]}, not ${version}`)
  }
}

/** Compiles the consumer. `type-errors.ts` has mistakes that the compiler must report. */
export async function compileConsumer(folder: string): Promise<void> {
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  await runOrThrow(process.execPath, [compiler, '-p', 'tsconfig.json', '--pretty', 'false'], { cwd: folder })
  const emitted = await readdir(join(folder, 'dist'))
  if (!emitted.includes('app.js')) throw new Error(`tsc emitted ${emitted.join(', ') || 'nothing'}`)
}

/** Compiles the CommonJS program `node10` of the consumer with `moduleResolution: node`, and runs it. */
export async function checkOldResolution(folder: string): Promise<void> {
  const compiler = join(folder, 'node_modules', 'typescript-5', 'bin', 'tsc')
  const cwd = join(folder, 'node10')
  await runOrThrow(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], { cwd })
  const output = await runOrThrow(process.execPath, [join('dist', 'app.js')], { cwd })
  if (output.trim() !== Array(5).fill('function').join('\n')) throw new Error(`it printed ${output}`)
}
