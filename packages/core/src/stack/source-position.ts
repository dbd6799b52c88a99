import { findSourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'

import { pathOf } from './application-files.js'

/** A position in a file; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

const ANY_ERROR = new Error('')

/**
 * Maps a position to the original source by the source maps of this process; without one it stays as it is. A formatter
 * may not have the map that another one has, such as `source-map-support` in a test file that Jest has transformed.
 */
export function sourcePositionOf(site: NodeJS.CallSite, position: SourcePosition): SourcePosition {
  for (const { prepareStackTrace } of Error === MainError ? [Error] : [Error, MainError]) {
    const found = positionByHost(prepareStackTrace, site, position)
    if (found !== undefined && !isSame(found, position)) return found
  }
  return positionByNode(position) ?? position
}

function isSame(one: SourcePosition, other: SourcePosition): boolean {
  return one.line === other.line && one.column === other.column && pathOf(one.file) === pathOf(other.file)
}

/** Maps a position by the source maps that Node reads with `--enable-source-maps`. */
export function positionByNode({ file, line, column }: SourcePosition): SourcePosition | undefined {
  try {
    const origin = findSourceMap(pathOf(file))?.findOrigin(line, column)
    if (origin === undefined || !('fileName' in origin)) return undefined
    return { file: origin.fileName, line: origin.lineNumber, column: origin.columnNumber }
  } catch {
    return undefined
  }
}

/**
 * The `Error` of Node's own code. In a context of `node:vm`, such as a test file in Jest, it is not the global one, and Node
 * formats stacks with its `prepareStackTrace` if that of the context is not set.
 */
const MainError = errorOfNode()

function errorOfNode(): ErrorConstructor {
  try {
    fileURLToPath(0 as never)
  } catch (error) {
    let prototype = Object.getPrototypeOf(error) as object
    for (let parent = prototype; Object.getPrototypeOf(parent) !== null;) {
      prototype = parent
      parent = Object.getPrototypeOf(parent) as object
    }
    return prototype.constructor as ErrorConstructor
  }
  return Error
}

/** Maps a position by `Error.prepareStackTrace`, which `source-map-support`, Vitest, Jest and Node's source maps set. */
function positionByHost(
  prepareStackTrace: typeof Error.prepareStackTrace,
  site: NodeJS.CallSite,
  { file }: SourcePosition,
): SourcePosition | undefined {
  if (prepareStackTrace === undefined) return undefined
  try {
    const text: unknown = prepareStackTrace.call(Error, ANY_ERROR, [site])
    const [, found, line, column] =
      /^\s+at (?:async )?(?:.*\()?(\S.*?):(\d+):(\d+)\)?$/m.exec(String(text)) ?? []
    // Ignore custom formatters that do not print the position of a file.
    if (found === undefined || (/^https?:/.test(found) && !/^https?:/.test(file))) return undefined
    return { file: found, line: Number(line), column: Number(column) }
  } catch {
    return undefined
  }
}
