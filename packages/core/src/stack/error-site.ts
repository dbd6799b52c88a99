import { applicationFileId } from './application-files.js'
import { shortPath } from './call-site.js'
import type { CallSite } from '../messages/call-site.js'

/** A frame as V8 writes it, with or without a function: `    at async listPosts (file:///app/posts.js:42:7)`. */
const FRAME =
  /^\s+at (?:async )?(?:(.+?) (?:\[as [^\]]+\] )?\()?((?:file:|\/|[a-z]:[\\/])[^<>]*?):(\d+):(\d+)\)?$/i
const NAME = /^(?:[\p{L}\p{N}_$]+\.)*([\p{L}\p{N}_$#]+)$/u
/** A longer line is no frame but a message: such a search takes time that grows faster than the line. */
const MAX_LINE = 400
/** Of a stack that quotes others. */
const MAX_LINES = 100

/**
 * Where an error came out of the application: the first frame of its own, by the text of its stack, which Node has
 * mapped to sources already. `undefined` where there is none, or the text is not V8's.
 */
export function callSiteOfError(stackFrames: string): CallSite | undefined {
  for (const line of stackFrames.split('\n', MAX_LINES)) {
    if (line.length > MAX_LINE) continue
    const [, name, file, lineNumber, column] = FRAME.exec(line) ?? []
    if (file === undefined || applicationFileId(file) === 0) continue
    return {
      file: shortPath(file),
      line: Number(lineNumber),
      column: Number(column),
      function: name === undefined ? undefined : NAME.exec(name)?.[1],
    }
  }
  return undefined
}
