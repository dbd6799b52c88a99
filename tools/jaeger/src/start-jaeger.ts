import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { startGuard, type GuardTask } from '@querylens/tool-guard'

import { createBuildBar } from './build-bar.ts'
import { jaegerConfiguration } from './configuration.ts'
import { findJaeger, type JaegerProgram } from './find-jaeger.ts'
import { areAnswered, DEFAULT_PORTS, type JaegerPorts } from './ports.ts'

/** All optional. */
export interface JaegerOptions {
  /** @default those that Jaeger has by default */
  readonly ports?: JaegerPorts | undefined
  /** `JAEGER_BIN`, `JAEGER_UI_ASSETS` and what programs need. @default that of this process */
  readonly env?: NodeJS.ProcessEnv | undefined
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
  const program = await findJaeger(env, createBuildBar())
  if (program.kind === 'container') pullImage(program.image, env)
  const folder = mkdtempSync(join(tmpdir(), 'querylens-jaeger-'))
  const guard = startGuard({ ...describeTask(program, { ports, pageFolder }), folder, env })
  const url = `http://${HOST}:${ports.page}`
  try {
    const failed = guard.failed.then((reason) => {
      throw new Error(`Jaeger (from ${program.origin}) did not start: ${reason}`)
    })
    const hasPage = await Promise.race([failed, untilItAnswers(url, { ports, failed })])
    return {
      url,
      httpUrl: `http://${HOST}:${ports.http}`,
      grpcUrl: `http://${HOST}:${ports.grpc}`,
      origin: program.origin,
      hasPage,
      ended: guard.failed.finally(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
      stop: guard.stop,
    }
  } catch (error) {
    await guard.stop()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function describeTask(
  program: JaegerProgram,
  { ports, pageFolder }: { readonly ports: JaegerPorts; readonly pageFolder: string | undefined },
): Pick<GuardTask, 'programs' | 'cleanup'> {
  if (program.kind === 'binary') {
    const configuration = jaegerConfiguration({ host: HOST, ports, pageFolder })
    return { programs: [{ program: program.path, args: ['--config', `yaml:${configuration}`] }] }
  }
  // In a container it has a page, and listens on all of the container's addresses; outside only on our own.
  const configuration = jaegerConfiguration({ host: '0.0.0.0', ports })
  const name = `querylens-jaeger-${randomUUID()}`
  const published = Object.values(ports).flatMap((port: number) => ['--publish', `${HOST}:${port}:${port}`])
  const run = [
    'run',
    '--rm',
    '--name',
    name,
    ...published,
    program.image,
    '--config',
    `yaml:${configuration}`,
  ]
  return {
    programs: [{ program: 'docker', args: run }],
    // The client may end before what it has started.
    cleanup: { program: 'docker', args: ['rm', '--force', name] },
  }
}

/** Where Docker shows its own progress. */
function pullImage(image: string, env: NodeJS.ProcessEnv): void {
  if (spawnSync('docker', ['image', 'inspect', image], { env, stdio: 'ignore' }).status === 0) return
  const { status, signal } = spawnSync('docker', ['pull', image], { env, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  if (signal !== null) throw new Error('Pulling the image of Jaeger was interrupted.')
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

/**
 * Its page comes before its receivers.
 *
 * @returns whether it has one: without, it answers with a sentence
 */
async function untilItAnswers(
  url: string,
  { ports, failed }: { readonly ports: JaegerPorts; readonly failed: Promise<never> },
): Promise<boolean> {
  let isWaiting = true
  failed.catch(() => (isWaiting = false))
  const deadline = Date.now() + START_DEADLINE_MILLIS
  while (isWaiting && Date.now() < deadline) {
    const page = await fetch(url).then(
      (response) => response.text(),
      () => undefined,
    )
    if (page !== undefined && (await areAnswered(ports))) return page.includes('<script')
    await new Promise((again) => setTimeout(again, ASK_EVERY_MILLIS))
  }
  throw new Error(`Jaeger did not start: it does not answer after ${START_DEADLINE_MILLIS / 1_000} s.`)
}
