import { fileURLToPath } from 'node:url'

const ids = new Map<string, number>()
const MAX_FILES = 10_000
let lastId = 0

/** A number for each file of the application; 0 for those of Node, of a dependency, and ours. */
export function applicationFileId(file: string): number {
  let id = ids.get(file)
  if (id === undefined) {
    const isForeign = /^node:|[\\/]node_modules[\\/]|^evalmachine|^wasm:/.test(file) || isOurs(file)
    id = isForeign ? 0 : ++lastId
    if (ids.size >= MAX_FILES) ids.clear()
    ids.set(file, id)
  }
  return id
}

/** A path, where the file is given as a URL. */
export function pathOf(file: string): string {
  try {
    return file.startsWith('file:') ? fileURLToPath(file) : file
  } catch {
    return file
  }
}

/** Where our packages are, if they are neither installed nor part of a bundle: `…/packages/`. */
const ourFolder = /^(.*[\\/])[^\\/]+[\\/](?:dist|src)[\\/]stack[\\/]application-files\.[jt]s$/.exec(
  pathOf(import.meta.url),
)?.[1]

function isOurs(file: string): boolean {
  if (ourFolder === undefined) return false
  const path = pathOf(file)
  return path.startsWith(ourFolder) && /^[^\\/]+[\\/](?:dist|src)[\\/]/.test(path.slice(ourFolder.length))
}
