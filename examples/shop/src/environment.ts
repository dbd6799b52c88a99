/** The address of the shop and of its database. */
export interface ShopEnvironment {
  readonly databaseUrl: string
  readonly host: string
  readonly port: number
}

/**
 * Reads `DATABASE_URL` (required), `HOST` (127.0.0.1) and `PORT` (3000; 0 for a free one).
 *
 * @throws Error that names the variable, its value and its valid values
 */
export function readEnvironment(env: NodeJS.ProcessEnv): ShopEnvironment {
  const databaseUrl = env['DATABASE_URL'] ?? ''
  if (!/^postgres(?:ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new Error(
      `DATABASE_URL ${databaseUrl === '' ? 'is not set' : 'is not a PostgreSQL URL'}; ` +
        'it takes a URL such as postgres://user:password@localhost:5432/shop.',
    )
  }
  const port = Number(env['PORT'] || 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`PORT is ${JSON.stringify(env['PORT'])}; it takes a number from 0 to 65535.`)
  }
  return { databaseUrl, host: env['HOST'] || '127.0.0.1', port }
}
