import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createChecks } from './checks.ts'
import {
  checkOldResolution,
  compileConsumer,
  installConsumer,
  openTelemetryPairs,
  type OpenTelemetryPair,
} from './consumer.ts'
import { checkContents } from './package-contents.ts'
import { checkInstrumentation, checkSigterm } from './run-consumer.ts'
import { checkPnpmTypes } from './pnpm-consumer.ts'
import { runOrThrow } from './run-command.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const tools = join(import.meta.dirname, '..', 'node_modules', '.bin')
const names = ['core', 'kysely-plugin', 'exporter', 'testing']

/** The packages hold ES modules only, which CommonJS modules load with `require` in every supported version of Node. */
const ATTW_OPTIONS = ['--ignore-rules', 'cjs-resolves-to-esm', '--no-emoji', '--no-color']

const checks = createChecks()
const folder = await mkdtemp(join(tmpdir(), 'querylens-packaging-'))
try {
  await checkPackages()
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = checks.summarize().failed > 0 ? 1 : 0

/** Packs the packages, then checks and installs the tarballs at the same time. */
async function checkPackages(): Promise<void> {
  const tarballs = new Map<string, string>()
  await Promise.all(
    names.map(async (name) => {
      const tarball = await checks.check(`pack ${name}`, () => pack(name))
      if (tarball !== undefined) tarballs.set(`@querylens/${name}`, tarball)
    }),
  )
  if (tarballs.size < names.length) {
    checks.skip('contents, publint, attw and consumers', 'not every package could be packed')
    return
  }
  const manifest = await readFile(join(root, 'packages', 'exporter', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  await Promise.all([
    checkTarballs(tarballs),
    checks.check('types of the matchers of Jest, installed by pnpm', () =>
      checkPnpmTypes(join(folder, 'pnpm-consumer'), tarballs),
    ),
    ...openTelemetryPairs.map((pair) => checkPair(pair, tarballs, version)),
  ])
}

async function pack(name: string): Promise<string> {
  const target = join(folder, name)
  await mkdir(target)
  const output = await runOrThrow('pnpm', ['pack', '--json', '--pack-destination', target], {
    cwd: join(root, 'packages', name),
  })
  // Package managers may print warnings around the JSON.
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)
  const { filename } = JSON.parse(json) as { readonly filename: string }
  return filename
}

async function checkTarballs(tarballs: ReadonlyMap<string, string>): Promise<void> {
  await Promise.all(
    [...tarballs].map(async ([name, tarball]) => {
      await checks.check(`contents of ${name}`, () => checkContents(tarball, folder))
      await checks.check(`publint ${name}`, () =>
        runOrThrow(join(tools, 'publint'), ['run', tarball, '--strict'], { cwd: folder }),
      )
      await checks.check(`attw ${name}`, () =>
        runOrThrow(join(tools, 'attw'), [tarball, ...ATTW_OPTIONS], {
          cwd: folder,
        }),
      )
    }),
  )
}

async function checkPair(
  pair: OpenTelemetryPair,
  tarballs: ReadonlyMap<string, string>,
  version: string,
): Promise<void> {
  const consumer = join(folder, `consumer of ${pair.name}`.replaceAll(' ', '-'))
  const installed = await checks.check(`install with ${pair.name}`, async () => {
    await installConsumer(consumer, pair, tarballs)
    return true
  })
  if (!installed) {
    checks.skip(`compile and run with ${pair.name}`, 'the consumer could not be installed')
    return
  }
  // The compiler emits programs with errors too, so they can still run.
  await checks.check(`compile with ${pair.name}`, () => compileConsumer(consumer))
  await checks.check(`TypeScript 5 and moduleResolution node with ${pair.name}`, () =>
    checkOldResolution(consumer),
  )
  await Promise.all([
    checks.check(`instrumentation in NodeSDK with ${pair.name}`, () =>
      checkInstrumentation(consumer, version, 'span event'),
    ),
    checks.check(`exceptions as log events with ${pair.name}`, () =>
      checkInstrumentation(consumer, version, 'log event'),
    ),
    checks.check(`startTelemetry ended by SIGTERM with ${pair.name}`, () => checkSigterm(consumer, version)),
  ])
}
