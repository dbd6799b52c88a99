import type { ServerResponse } from 'node:http'

/** The responses of a failing backend. The receiver still keeps the requests. */
export interface Behaviour {
  /** @default 200 */
  readonly status?: number | undefined
  /** Delay of the response in milliseconds; `Infinity` for no response. @default 0 */
  readonly delayMillis?: number | undefined
  /** Body in place of the regular one. @default none */
  readonly body?: string | undefined
  /** Additional headers, such as `{ 'retry-after': '1' }`. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Whether to close the connection without a response. @default false */
  readonly disconnect?: boolean | undefined
}

/** Sends a response in the format of the request. An empty message is a valid protobuf response. */
export async function respond(
  response: ServerResponse,
  contentType: string,
  behaviour: Behaviour,
): Promise<void> {
  const { delayMillis = 0, disconnect = false, status = 200, headers = {}, body } = behaviour
  if (delayMillis === Infinity) return
  if (delayMillis > 0) await new Promise((resolve) => setTimeout(resolve, delayMillis))
  if (disconnect) {
    response.destroy()
    return
  }
  const json = contentType.startsWith('application/json')
  response.writeHead(status, { 'content-type': json ? 'application/json' : contentType, ...headers })
  response.end(body ?? (json ? '{}' : ''))
}
