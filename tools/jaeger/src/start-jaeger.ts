import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { startGuard, type GuardTask } from '@querylens/tool-guard'

import { createBuildBar } from './build-bar.ts'
import { jaegerConfiguration } from './configuration.ts'
import { findJaeger, type JaegerProgram } from './find-jaeger.ts'
import { areOpen, DEFAULT_PORTS, type JaegerPorts } from './ports.ts'

/** The options of {@link startJaeger}. All are optional. */
export interface JaegerOptions {
  /** @default Jaeger's default ports */
  readonly ports?: JaegerPorts | undefined
  /** The environment, with `JAEGER_BIN` and `JAEGER_UI_ASSETS`. @default that of this process */
  readonly env?: NodeJS.ProcessEnv | undefined
}

/** A running Jaeger. */
export interface Jaeger {
  /** The URL of its page and its query API. */
  readonly url: string
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT` with the protocol `http/protobuf` or `http/json`. */
  readonly httpUrl: string
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT` with the protocol `grpc`. */
  readonly grpcUrl: string
  /** The origin of the program, such as `its Go module`. */
  readonly origin: string
  /** Whether it has a page. A Jaeger built from its Go module has none without `JAEGER_UI_ASSETS`. */
  readonly hasPage: boolean
  /** Resolves with the end of its log if it ends before `stop`. */
  readonly ended: Promise<string>
  /** Ends it and removes its traces. The same happens when this process ends in any way. */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const START_DEADLINE_MILLIS = 60_000
const ASK_EVERY_MILLIS = 100

/**
 * Starts a Jaeger that stores traces in memory, and waits until it responds.
 *
 * @throws Error if there is no Jaeger or it does not start; the message says how to fix it
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
  // The container has a page. Jaeger listens on all addresses of the container, which Docker publishes on 127.0.0.1 only.
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
    // The Docker client may end before the container.
    cleanup: { program: 'docker', args: ['rm', '--force', name] },
  }
}

/** Pulls the image; Docker prints its progress. */
function pullImage(image: string, env: NodeJS.ProcessEnv): void {
  if (spawnSync('docker', ['image', 'inspect', image], { env, stdio: 'ignore' }).status === 0) return
  const { status, signal } = spawnSync('docker', ['pull', image], { env, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  if (signal !== null) throw new Error('Docker was interrupted while it pulled the image of Jaeger.')
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
 * Waits until the page and the receivers respond. The page responds before the receivers.
 *
 * @returns whether Jaeger has a page; without one it returns a sentence
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
    if (page !== undefined && (await areOpen(ports))) return page.includes('<script')
    await new Promise((again) => setTimeout(again, ASK_EVERY_MILLIS))
  }
  throw new Error(`Jaeger did not start: it did not respond within ${START_DEADLINE_MILLIS / 1_000} s.`)
}
