import { siteOf } from '../report/query-assertion-error.js'

/**
 * An error whose stack begins in the test, for errors that are made later. The frames of the runner between the matcher and
 * the test are left out: Jest would print those of `expect` in each failure.
 *
 * @param matcher the function that the runner has called
 */
export function testSiteOf(matcher: (...values: never[]) => unknown): Error {
  const site = siteOf(matcher)
  const [header = '', ...frames] = (site.stack ?? '').split('\n')
  const first = frames.findIndex((frame) => !/[\\/]node_modules[\\/]|\bnode:internal\b/.test(frame))
  if (first > 0) site.stack = [header, ...frames.slice(first)].join('\n')
  return site
}
