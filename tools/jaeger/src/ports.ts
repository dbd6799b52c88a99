import { connect, createServer } from 'node:net'

import { findFreePort } from '@querylens/tool-guard'
import findProcess from 'find-process'

/** The ports that Jaeger listens on. */
export interface JaegerPorts {
  /** Its page and its query API. */
  readonly page: number
  /** OTLP over gRPC. */
  readonly grpc: number
  /** OTLP over HTTP. */
  readonly http: number
}

/** The defaults of Jaeger and of OpenTelemetry's exporters. */
export const DEFAULT_PORTS: JaegerPorts = { page: 16_686, grpc: 4_317, http: 4_318 }

const PURPOSES: Readonly<Record<keyof JaegerPorts, string>> = {
  page: 'Jaeger’s page',
  grpc: 'OTLP over gRPC',
  http: 'OTLP over HTTP',
}

/** Finds three free ports. */
export async function findFreePorts(): Promise<JaegerPorts> {
  const [page, grpc, http] = await Promise.all([findFreePort(), findFreePort(), findFreePort()])
  return { page, grpc, http }
}

/** The default ports, with a free port in place of each one that is taken. */
export async function findUsablePorts(): Promise<JaegerPorts> {
  const use = async (port: number): Promise<number> =>
    (await reasonNotToListen(port)) === undefined ? port : await findFreePort()
  const { page, grpc, http } = DEFAULT_PORTS
  return { page: await use(page), grpc: await use(grpc), http: await use(http) }
}

/** Whether all ports accept connections. */
export async function areOpen(ports: JaegerPorts): Promise<boolean> {
  const open = await Promise.all(Object.values(ports).map((port: number) => isOpen(port)))
  return !open.includes(false)
}

/**
 * Describes each port that cannot be listened on in one sentence.
 *
 * @param flags the flag that chooses another port
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

/** Connects before it listens, because some systems allow a second listener if the first one listens on all addresses. */
async function reasonNotToListen(port: number): Promise<string | undefined> {
  return (await isOpen(port)) ? 'EADDRINUSE' : await listenAndClose(port)
}

function isOpen(port: number): Promise<boolean> {
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

/** Describes the process that listens on a port, if the operating system reveals it. */
async function ownerOf(port: number): Promise<string> {
  const [owner] = await findProcess('port', port, { logLevel: 'error' }).catch(() => [])
  return owner === undefined ? 'a process of another user' : `${owner.name} (process ${owner.pid})`
}
