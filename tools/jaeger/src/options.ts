import { parseArgs } from 'node:util'

import { DEFAULT_PORTS, type JaegerPorts } from './ports.ts'

/** The options of `pnpm jaeger`. */
export interface CommandOptions {
  /** Whether to print only the usage. */
  readonly help: boolean
  readonly ports: JaegerPorts
}

/** The flag of each port. */
export const FLAGS: Readonly<Record<keyof JaegerPorts, string>> = {
  page: '--port',
  grpc: '--grpc-port',
  http: '--http-port',
}

/** The usage of `pnpm jaeger`. */
export const USAGE = `Starts Jaeger v2 with its page and prints the address. Ctrl+C ends it and removes its traces.

  --port ${DEFAULT_PORTS.page}        its page and its query API
  --grpc-port ${DEFAULT_PORTS.grpc}    OTLP over gRPC
  --http-port ${DEFAULT_PORTS.http}    OTLP over HTTP

  JAEGER_BIN          the file of a Jaeger v2; otherwise the one on the PATH, a container if Docker runs, or one
                      that this command builds once from its Go module
  JAEGER_UI_ASSETS    the folder of a built Jaeger UI, for a Jaeger without one, such as one built from its Go module
`

const HIGHEST_PORT = 65_535

/** @throws Error that names the flag and its valid values */
export function readOptions(args: readonly string[]): CommandOptions {
  const flags = readFlags(args)
  const ports = {
    page: readPort('page', flags['port']),
    grpc: readPort('grpc', flags['grpc-port']),
    http: readPort('http', flags['http-port']),
  }
  if (new Set(Object.values(ports)).size < 3) {
    throw new Error(`${Object.values(FLAGS).join(', ')} take three different ports.`)
  }
  return { help: flags.help, ports }
}

function readFlags(args: readonly string[]) {
  const port = { type: 'string' } as const
  const options = {
    help: { type: 'boolean', default: false, short: 'h' },
    port,
    'grpc-port': port,
    'http-port': port,
  } as const
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : String(cause)
    throw new Error(`${message}. It takes ${Object.values(FLAGS).join(', ')} and --help.`, { cause })
  }
}

function readPort(name: keyof JaegerPorts, text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORTS[name]
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port <= HIGHEST_PORT) return port
  throw new Error(`${FLAGS[name]} is ${JSON.stringify(text)}; it takes a number from 1 to ${HIGHEST_PORT}.`)
}
