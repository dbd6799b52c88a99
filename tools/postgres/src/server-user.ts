import { spawnSync } from 'node:child_process'

/** The user that runs the server; without ids, the user of this process. */
export interface ServerUser {
  readonly name: string
  readonly uid?: number
  readonly gid?: number
}

/**
 * Finds the user that runs the server. PostgreSQL does not run as root. For root it is `postgres`, or `nobody` on machines
 * without that user. It creates no user, because the server is temporary and a user would stay.
 *
 * @throws Error if root finds neither
 */
export function findServerUser(): ServerUser {
  if (process.getuid?.() !== 0) return { name: 'the current user' }
  for (const name of ['postgres', 'nobody']) {
    const uid = readId('-u', name)
    const gid = readId('-g', name)
    if (uid !== undefined && gid !== undefined) return { name, uid, gid }
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody". Run as ' +
      'another user, add one (useradd postgres), or set DATABASE_URL to a PostgreSQL that runs elsewhere.',
  )
}

function readId(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
  return status === 0 ? Number(stdout) : undefined
}
