import { PostgresDialect } from 'kysely'
import pg from 'pg'
import Cursor from 'pg-cursor'

/** A dialect whose clients call `onStatement` for each statement that they send. */
export function createPostgresDialect(
  config: pg.PoolConfig,
  onStatement: (sql: string) => void = () => {},
): { readonly dialect: PostgresDialect; readonly pool: pg.Pool } {
  class WatchedClient extends pg.Client {
    // oxlint-disable-next-line typescript/no-explicit-any -- pg's overloads accept any arguments
    override query(...args: any[]): any {
      const [query] = args as [string | { readonly text: string }]
      onStatement(typeof query === 'string' ? query : query.text)
      // oxlint-disable-next-line typescript/no-explicit-any
      return (super.query as any)(...args)
    }
  }
  const pool = new pg.Pool({ max: 4, ...config, Client: WatchedClient } as pg.PoolConfig)
  // Without a listener for `error`, pg throws when it loses a connection.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return { dialect: new PostgresDialect({ pool, cursor: Cursor }), pool }
}
