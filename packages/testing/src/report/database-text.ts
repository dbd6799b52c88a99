import type { DatabaseInfo } from '@querylens/core'

/** `postgresql app (localhost:5432)` */
export function describeDatabase({ system, namespace, serverAddress, serverPort }: DatabaseInfo): string {
  const name = namespace === undefined ? system : `${system} ${namespace}`
  if (serverAddress === undefined) return name
  return `${name} (${serverAddress}${serverPort === undefined ? '' : `:${serverPort}`})`
}
