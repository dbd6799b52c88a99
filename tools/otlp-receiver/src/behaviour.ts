import type { ServerResponse } from 'node:http'

/** How a backend on a bad day answers. What arrived is kept all the same. */
export interface Behaviour {
  /** @default 200 */
  readonly status?: number | undefined
  /** How long the answer takes. `Infinity` for one that never comes. @default 0 */
  readonly delayMillis?: number | undefined
  /** In place of an answer that fits. @default none */
  readonly body?: string | undefined
  /** Such as `{ 'retry-after': '1' }`. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Breaks the connection in place of any answer. @default false */
  readonly disconnect?: boolean | undefined
}

/** Answers in kind: JSON to JSON, protobuf to protobuf, of which an empty message is a good one. */
export async function answer(
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
