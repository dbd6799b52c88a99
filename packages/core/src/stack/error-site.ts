import { applicationFileId } from './application-files.js'
import { shortPath } from './call-site.js'
import type { CallSite } from '../messages/call-site.js'

/** A frame as V8 prints it, with or without a function: `    at async listPosts (file:///app/posts.js:42:7)`. */
const FRAME =
  /^\s+at (?:async )?(?:(.+?) (?:\[as [^\]]+\] )?\()?((?:file:|\/|[a-z]:[\\/])[^<>]*?):(\d+):(\d+)\)?$/i
const NAME = /^(?:[\p{L}\p{N}_$]+\.)*([\p{L}\p{N}_$#]+)$/u
/** A longer line is part of a message. The time that {@link FRAME} takes grows faster than the line. */
const MAX_LINE = 400
/** Limit for a stack that quotes other stacks. */
const MAX_LINES = 100

/**
 * The call site of an error: the application's first frame in the text of the stack, which Node has already mapped to
 * sources. `undefined` if the stack has no such frame, or V8 did not print it.
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
