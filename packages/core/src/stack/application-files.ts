import { fileURLToPath } from 'node:url'

import { readSites } from './read-sites.js'

const ids = new Map<string, number>()
const MAX_FILES = 10_000
let lastId = 0

/** The id of a file of the application; 0 for a file of Node, of a dependency or of Querylens. */
export function applicationFileId(file: string): number {
  let id = ids.get(file)
  if (id === undefined) {
    const isForeign = /^node:|[\\/]node_modules[\\/]|^evalmachine|^wasm:/.test(file) || isQuerylens(file)
    id = isForeign ? 0 : ++lastId
    if (ids.size >= MAX_FILES) ids.clear()
    ids.set(file, id)
  }
  return id
}

/**
 * Whether a file is of a dependency that runs code of the application in a way of its own: a framework, or a helper. Kysely,
 * Querylens and OpenTelemetry only wrap it.
 */
export function isLibrary(file: string): boolean {
  return /[\\/]node_modules[\\/](?!(?:.*[\\/]node_modules[\\/])?(?:kysely|@querylens|@opentelemetry)[\\/])/.test(
    file,
  )
}

/** The path of a file that V8 names by a path or a URL. */
export function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file
  } catch {
    return file
  }
}

/** `…/packages/` in a checkout of Querylens; `undefined` in `node_modules` and in a bundle. */
const packagesFolder = /^(.*[\\/])[^\\/]+[\\/](?:dist|src)[\\/]stack[\\/]application-files\.[jt]s$/.exec(
  pathOf(ownFile()),
)?.[1]

/** This file, from a stack: a compiler to CommonJS, such as Babel in Jest, cannot compile `import.meta`. */
function ownFile(): string {
  return readSites(new Error('for its stack'))[0]?.getFileName() ?? ''
}

function isQuerylens(file: string): boolean {
  if (packagesFolder === undefined) return false
  const path = pathOf(file)
  return (
    path.startsWith(packagesFolder) &&
    /^[^\\/]+[\\/](?:dist|src)[\\/]/.test(path.slice(packagesFolder.length))
  )
}
