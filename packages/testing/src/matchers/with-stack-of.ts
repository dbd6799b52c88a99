import { setStackOf } from '../report/query-assertion-error.js'

/** Gives an error the frames of a site, so that a runner shows the line of the test. */
export function withStackOf(site: Error, error: unknown): unknown {
  if (!(error instanceof Error)) return error
  setStackOf(site, error)
  return error
}
