import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import process from 'node:process'

import { isRecord } from '../../options.js'
import { shortPath } from '../../stack/call-site.js'
import type { Allowance } from './allowance.js'

/**
 * An allowance as its file holds it: with the path of the code from the folder of the file, so that it is the same on every
 * machine, also for code outside the working directory.
 *
 * @param path of the file of allowances
 */
export function inFileAt(path: string, allowance: Allowance): Allowance {
  return withFile(allowance, (file) => {
    const written = relative(dirname(resolve(path)), resolve(file))
    // On another drive of Windows.
    return isAbsolute(written) ? file : written.split(sep).join('/')
  })
}

/** An allowance from a file, with the path of the code as findings have it. */
export function fromFileAt(path: string, allowance: Allowance): Allowance {
  const folder = dirname(resolve(path))
  return withFile(allowance, (file) => {
    const absolute = resolve(folder, file)
    // Files of earlier versions hold paths from the working directory.
    const isEarlier = folder !== process.cwd() && !existsSync(absolute) && existsSync(file)
    return isEarlier ? file : shortPath(absolute)
  })
}

/** What is no allowance stays as it is: the check of it comes later. */
function withFile(allowance: Allowance, change: (file: string) => string): Allowance {
  const callSite: unknown = isRecord(allowance) ? allowance.callSite : undefined
  if (!isRecord(callSite) || typeof callSite['file'] !== 'string') return allowance
  const { file } = callSite
  // Of a bundle: `webpack://…`.
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(file)) return allowance
  return { ...allowance, callSite: { ...callSite, file: change(file) } as Allowance['callSite'] }
}
