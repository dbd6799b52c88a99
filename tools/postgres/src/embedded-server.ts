import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'

import { findBinaries, type Binaries } from './binaries.ts'
import { startGuard } from './guard-client.ts'
import { findFreePort } from './free-port.ts'
import { readVersion } from './read-version.ts'
import { findServerUser, type ServerUser } from './server-user.ts'

/** A server of our own, before anything is known about it. */
export interface EmbeddedServer {
  readonly connectionString: string
  stop(): Promise<void>
}

/** What only costs time where data need not survive, and what tools want to look at. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
  max_connections: '200',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_preload_libraries: 'pg_stat_statements',
}
const START_DEADLINE_MILLIS = 60_000
const ATTEMPTS = 3

/** Makes a new cluster in a temporary folder and starts it on a free port. */
export async function startEmbeddedServer(
  settings: Readonly<Record<string, string>>,
): Promise<EmbeddedServer> {
  const user = findServerUser()
  const folder = mkdtempSync(join(tmpdir(), 'querylens-postgres-'))
  const password = randomBytes(12).toString('hex')
  try {
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid)
    const binaries = await findBinaries(user, folder)
    await initialize(binaries, user, { folder, password })
    for (let attempt = 1; ; attempt++) {
      const port = await findFreePort()
      const args = ['-D', join(folder, 'data'), '-p', String(port)]
      for (const [name, value] of Object.entries({ ...SETTINGS, ...settings }))
        args.push('-c', `${name}=${value}`)
      const guard = startGuard({ program: binaries.postgres, args, folder, user })
      const connectionString = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
      const failure = await Promise.race([guard.failed, untilItAnswers(connectionString)])
      if (failure === undefined) return { connectionString, stop: guard.stop }
      // Between finding the port and using it, another process may have taken it.
      if (attempt < ATTEMPTS && failure.includes('Address already in use')) continue
      await guard.stop()
      throw new Error(
        `PostgreSQL did not start: ${failure} Set DATABASE_URL to use one that runs already instead.`,
      )
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function initialize(
  { initdb }: Binaries,
  { uid, gid }: ServerUser,
  { folder, password }: { readonly folder: string; readonly password: string },
): Promise<void> {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (uid !== undefined) chownSync(passwordFile, uid, gid ?? uid)
  const args = [`--pgdata=${join(folder, 'data')}`, '--username=postgres', `--pwfile=${passwordFile}`]
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8')
  args.push('--no-sync', '--no-instructions')
  // PostgreSQL on Linux takes LC_ALL=C on every machine, but not a locale that is not installed.
  const env = { ...process.env, LC_ALL: 'C' }
  await promisify(execFile)(initdb, args, { cwd: folder, env, ...(uid !== undefined && { uid, gid }) }).catch(
    (cause: Error & { stderr?: string }) => {
      throw new Error(
        `PostgreSQL could not make a new cluster in ${folder}: ${cause.stderr?.trim() || cause.message}. ` +
          'Set TMPDIR to a folder with space, or DATABASE_URL to a PostgreSQL that runs already.',
        { cause },
      )
    },
  )
}

/** Gives a failure only when time is up. */
async function untilItAnswers(connectionString: string): Promise<string | undefined> {
  const deadline = Date.now() + START_DEADLINE_MILLIS
  while (Date.now() < deadline) {
    const answers = await readVersion(connectionString).then(
      () => true,
      () => false,
    )
    if (answers) return undefined
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return `it does not answer after ${START_DEADLINE_MILLIS / 1000} s.`
}
