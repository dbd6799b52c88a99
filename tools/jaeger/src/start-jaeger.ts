import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { startGuard, type GuardTask } from '@querylens/tool-guard'

import type { BuildProgress } from './build-jaeger.ts'
import { createBuildBar } from './build-bar.ts'
import { jaegerConfiguration } from './configuration.ts'
import { findJaeger, type JaegerProgram } from './find-jaeger.ts'
import { createJaegerClient } from './jaeger-client.ts'
import { DEFAULT_PORTS, type JaegerPorts } from './ports.ts'

/** All optional. */
export interface JaegerOptions {
  /** @default those that Jaeger has by default */
  readonly ports?: JaegerPorts | undefined
  /** `JAEGER_BIN`, `JAEGER_UI_ASSETS` and what programs need. @default that of this process */
  readonly env?: NodeJS.ProcessEnv | undefined
  /** @default a bar on standard error, or lines where that is no terminal */
  readonly progress?: BuildProgress | undefined
}

/** A Jaeger that answers. */
export interface Jaeger {
  /** Its page and its query API. */
  readonly url: string
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT` with the protocol `http/protobuf` or `http/json`. */
  readonly httpUrl: string
  /** The same with the protocol `grpc`. */
  readonly grpcUrl: string
  /** Where it comes from, such as `its Go module`. */
  readonly origin: string
  /** Whether it has a page; one that was built from its Go module has none, unless `JAEGER_UI_ASSETS` gives it one. */
  readonly hasPage: boolean
  /** Settles only when it ends without being asked to: with the end of its log. */
  readonly ended: Promise<string>
  /** Ends it, and with it what it has stored. The same happens when this process ends in any way. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const START_DEADLINE_MILLIS = 60_000
const ASK_EVERY_MILLIS = 100

/**
 * Starts Jaeger with its traces in memory and waits until it answers.
 *
 * @throws Error when there is none, or it does not start; its message says what would help
 */
export async function startJaeger(options: JaegerOptions = {}): Promise<Jaeger> {
  const env = options.env ?? process.env
  const ports = options.ports ?? DEFAULT_PORTS
  const pageFolder = checkPageFolder(env['JAEGER_UI_ASSETS'])
  const program = await findJaeger(env, options.progress ?? createBuildBar())
  const folder = mkdtempSync(join(tmpdir(), 'querylens-jaeger-'))
  let guard
  try {
    guard = startGuard({ programs: [prepare(program, { folder, ports, pageFolder })], folder })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  const url = `http://${HOST}:${ports.page}`
  const failure = await Promise.race([guard.failed, untilItAnswers(url)])
  if (failure !== undefined) {
    await guard.stop()
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`Jaeger (from ${program.origin}) did not start: ${failure}`)
  }
  return {
    url,
    httpUrl: `http://${HOST}:${ports.http}`,
    grpcUrl: `http://${HOST}:${ports.grpc}`,
    origin: program.origin,
    hasPage: await hasPage(url),
    ended: guard.failed,
    stop: guard.stop,
  }
}

function prepare(
  program: JaegerProgram,
  { folder, ports, pageFolder }: { folder: string; ports: JaegerPorts; pageFolder: string | undefined },
): GuardTask['programs'][number] {
  const file = join(folder, 'jaeger.json')
  if (program.kind === 'binary') {
    writeFileSync(file, jaegerConfiguration({ host: HOST, ports, pageFolder }))
    return { program: program.path, args: ['--config', `file:${file}`] }
  }
  // In a container it has a page, and listens on all of the container's addresses; outside only on our own.
  writeFileSync(file, jaegerConfiguration({ host: '0.0.0.0', ports }))
  pullImage(program.image)
  const published = Object.values(ports).flatMap((port: number) => ['--publish', `${HOST}:${port}:${port}`])
  const mounted = ['--volume', `${file}:/etc/jaeger.json:ro`]
  return {
    program: 'docker',
    args: ['run', '--rm', ...published, ...mounted, program.image, '--config', 'file:/etc/jaeger.json'],
  }
}

/** Where Docker shows its own progress. */
function pullImage(image: string): void {
  if (spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return
  const { status } = spawnSync('docker', ['pull', image], { stdio: ['ignore', 2, 2] })
  if (status === 0) return
  throw new Error(
    `Docker could not pull ${image}. Set JAEGER_BIN to the file of a Jaeger v2, from ` +
      'https://www.jaegertracing.io/download.',
  )
}

function checkPageFolder(folder: string | undefined): string | undefined {
  if (!folder) return undefined
  if (existsSync(join(folder, 'index.html'))) return resolve(folder)
  throw new Error(
    `JAEGER_UI_ASSETS is ${folder}, which has no index.html; it takes the folder of a built Jaeger UI.`,
  )
}

/** Gives a failure only when time is up. */
async function untilItAnswers(url: string): Promise<string | undefined> {
  const client = createJaegerClient(url)
  const deadline = Date.now() + START_DEADLINE_MILLIS
  while (Date.now() < deadline) {
    const answers = await client.services().then(
      () => true,
      () => false,
    )
    if (answers) return undefined
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MILLIS))
  }
  return `it does not answer after ${START_DEADLINE_MILLIS / 1_000} s.`
}

/** Without one, Jaeger answers with a sentence. */
async function hasPage(url: string): Promise<boolean> {
  const page = await fetch(url).then((response) => response.text())
  return page.includes('<script')
}
