import { connect, createServer } from 'node:net'

import { findFreePort } from '@querylens/tool-guard'
import findProcess from 'find-process'

/** Where Jaeger listens. */
export interface JaegerPorts {
  /** Its page and its query API. */
  readonly page: number
  /** OTLP over gRPC. */
  readonly grpc: number
  /** OTLP over HTTP. */
  readonly http: number
}

/** Those that Jaeger and the exporters of OpenTelemetry have by default. */
export const DEFAULT_PORTS: JaegerPorts = { page: 16_686, grpc: 4_317, http: 4_318 }

const PURPOSES: Readonly<Record<keyof JaegerPorts, string>> = {
  page: 'Jaeger’s page',
  grpc: 'OTLP over gRPC',
  http: 'OTLP over HTTP',
}

/** Three that nobody listens on now. */
export async function findFreePorts(): Promise<JaegerPorts> {
  const [page, grpc, http] = await Promise.all([findFreePort(), findFreePort(), findFreePort()])
  return { page, grpc, http }
}

/** The default ones, each replaced by another where it is taken. */
export async function findUsablePorts(): Promise<JaegerPorts> {
  const use = async (port: number): Promise<number> =>
    (await reasonNotToListen(port)) === undefined ? port : await findFreePort()
  const { page, grpc, http } = DEFAULT_PORTS
  return { page: await use(page), grpc: await use(grpc), http: await use(http) }
}

/** Whether somebody listens on all of them. */
export async function areAnswered(ports: JaegerPorts): Promise<boolean> {
  const answers = await Promise.all(Object.values(ports).map((port: number) => isAnswered(port)))
  return !answers.includes(false)
}

/**
 * What is in the way of listening on these ports, as sentences; none if all are free.
 *
 * @param flags what the reader can type to choose another
 */
export async function findTakenPorts(
  ports: JaegerPorts,
  flags: Readonly<Record<keyof JaegerPorts, string>>,
): Promise<readonly string[]> {
  const problems: string[] = []
  for (const name of Object.keys(ports) as (keyof JaegerPorts)[]) {
    const reason = await reasonNotToListen(ports[name])
    if (reason === undefined) continue
    const why =
      reason === 'EADDRINUSE' ? `is taken by ${await ownerOf(ports[name])}` : `cannot be used (${reason})`
    problems.push(`Port ${ports[name]} for ${PURPOSES[name]} ${why}; ${flags[name]} chooses another.`)
  }
  return problems
}

/** On some systems one may listen on an address while another process does so on all of them. */
async function reasonNotToListen(port: number): Promise<string | undefined> {
  return (await isAnswered(port)) ? 'EADDRINUSE' : await listenAndClose(port)
}

function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function listenAndClose(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}

/** Asks the system, which may not know, or not tell everybody. */
async function ownerOf(port: number): Promise<string> {
  const [owner] = await findProcess('port', port, { logLevel: 'error' }).catch(() => [])
  return owner === undefined ? 'a process that this user may not see' : `${owner.name} (process ${owner.pid})`
}
