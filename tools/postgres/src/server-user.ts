import { spawnSync } from 'node:child_process'

/** Who runs the server; without ids, the user of this process. */
export interface ServerUser {
  readonly name: string
  readonly uid?: number
  readonly gid?: number
}

/**
 * PostgreSQL refuses to run as root. There, `postgres` runs it, or on machines without that user `nobody`, who
 * is on all of them: the server is temporary, and adding a user to the machine would outlive it.
 *
 * @throws Error where root has neither
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
