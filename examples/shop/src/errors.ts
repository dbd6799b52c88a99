/** An error response of the shop. Fastify takes the status from it. */
export class ShopError extends Error {
  override readonly name = 'ShopError'
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

/** @param what such as `order 42` */
export function notFound(what: string): ShopError {
  return new ShopError(404, 'NOT_FOUND', `There is no ${what}.`)
}
