import { findSourceMap } from 'node:module'

import { pathOf } from './application-files.js'

/** A place in a file, from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

const ANY_ERROR = new Error('')

/** Where a place is in the source as somebody wrote it, as far as anybody in this process has a source map. */
export function sourcePlaceOf(site: NodeJS.CallSite, place: Place): Place {
  return placeByHost(site, place) ?? placeByNode(place) ?? place
}

/** By Node, with `--enable-source-maps`; bundles have maps of all that is in them. */
export function placeByNode({ file, line, column }: Place): Place | undefined {
  try {
    const origin = findSourceMap(pathOf(file))?.findOrigin(line, column)
    if (origin === undefined || !('fileName' in origin)) return undefined
    return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber }
  } catch {
    return undefined
  }
}

/** By `source-map-support`, Vitest and others, who set `Error.prepareStackTrace`; Node's own does the same. */
function placeByHost(site: NodeJS.CallSite, { file }: Place): Place | undefined {
  const { prepareStackTrace } = Error
  if (prepareStackTrace === undefined) return undefined
  try {
    const text: unknown = prepareStackTrace.call(Error, ANY_ERROR, [site])
    const [, found, line, column] =
      /^\s+at (?:async )?(?:.*\()?(\S.*?):(\d+):(\d+)\)?$/m.exec(String(text)) ?? []
    // Somebody who prints something else than where it is.
    if (found === undefined || (/^https?:/.test(found) && !/^https?:/.test(file))) return undefined
    return { file: found, line: Number(line), column: Number(column) }
  } catch {
    return undefined
  }
}
