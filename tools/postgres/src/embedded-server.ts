import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findFreePort, startGuard } from '@querylens/tool-guard'

import { findBinaries } from './binaries.ts'
import { readVersion } from './read-version.ts'
import { findServerUser, type ServerUser } from './server-user.ts'

/** A started server. */
export interface EmbeddedServer {
  readonly connectionString: string
  stop(): Promise<void>
}

/** Settings without durability, which tests do not need, and with the statistics that tools read. */
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

/** Creates a cluster in a temporary folder and starts it on a free port. */
export async function startEmbeddedServer(
  settings: Readonly<Record<string, string>>,
): Promise<EmbeddedServer> {
  const user = findServerUser()
  const folder = mkdtempSync(join(tmpdir(), 'querylens-postgres-'))
  const password = randomBytes(12).toString('hex')
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true })
  // Remove the folder if a signal ends this process before the guard runs.
  process.once('exit', removeFolder)
  try {
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid)
    const binaries = await findBinaries(user, folder)
    const initdb = prepareInitdb(user, { folder, password })
    for (let attempt = 1; ; attempt++) {
      const port = await findFreePort()
      const args = ['-D', join(folder, 'data'), '-p', String(port)]
      for (const [name, value] of Object.entries({ ...SETTINGS, ...settings }))
        args.push('-c', `${name}=${value}`)
      const guard = startGuard({
        // A second attempt uses the cluster of the first one.
        programs: [
          ...(attempt === 1 ? [{ program: binaries.initdb, args: initdb }] : []),
          { program: binaries.postgres, args },
        ],
        folder,
        user,
      })
      process.off('exit', removeFolder)
      const connectionString = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
      const failure = await Promise.race([guard.failed, untilItAnswers(connectionString)])
      if (failure === undefined) return { connectionString, stop: guard.stop }
      // Another process may have taken the port in the meantime.
      if (attempt < ATTEMPTS && failure.includes('Address already in use')) continue
      await guard.stop()
      throw new Error(
        `PostgreSQL did not start: ${failure}\nSet DATABASE_URL to use one that runs already, or TMPDIR to a folder ` +
          `with space if there is none in ${tmpdir()}.`,
      )
    }
  } catch (error) {
    removeFolder()
    throw error
  } finally {
    process.off('exit', removeFolder)
  }
}

/** @returns the arguments of the program */
function prepareInitdb(
  { uid, gid }: ServerUser,
  { folder, password }: { readonly folder: string; readonly password: string },
): string[] {
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (uid !== undefined) chownSync(passwordFile, uid, gid ?? uid)
  const args = [`--pgdata=${join(folder, 'data')}`, '--username=postgres', `--pwfile=${passwordFile}`]
  args.push('--auth=scram-sha-256', '--no-sync', '--no-instructions')
  // Besides C, the only locale that every server has.
  args.push('--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
  return args
}

/**
 * Waits until the server accepts connections.
 *
 * @returns the failure after the timeout
 */
async function untilItAnswers(connectionString: string): Promise<string | undefined> {
  const deadline = Date.now() + START_DEADLINE_MILLIS
  while (Date.now() < deadline) {
    const isReady = await readVersion(connectionString).then(
      () => true,
      () => false,
    )
    if (isReady) return undefined
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return `it did not respond within ${START_DEADLINE_MILLIS / 1000} s.`
}
