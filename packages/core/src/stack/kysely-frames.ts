/**
 * Recognises the frames of Kysely by the names of its methods, which minifiers keep. In a bundle they are in the file of the
 * application.
 */

/** Methods between the application's call and the driver, from the driver outwards. */
const TO_DRIVER: ReadonlySet<string | null> = new Set(['provideConnection', 'executeQuery', 'stream'])
/** Methods that the application calls. Each calls the one before it. */
const EXECUTING = ['execute', 'executeTakeFirst', 'executeTakeFirstOrThrow', 'explain']

/**
 * The index of the first frame outside of Kysely in a stack that begins in its query compiler: Kysely's `compileQuery`,
 * `compile`, `execute` and what calls that. A method of the application may have the same name, so each name counts once.
 *
 * @returns 0 if the call compiles the statement and does not execute it
 */
export function callerIndexOf(sites: readonly NodeJS.CallSite[]): number {
  let index = 0
  while (sites[index]?.getFunctionName() === 'compileQuery') index++
  if (index === 0) return 0
  // The next one is `compile`, or a private method, whose name minifiers change.
  index++
  const method = sites[index]?.getFunctionName()
  if (method !== 'execute' && method !== 'stream') return 0
  return skipExecuting(sites, index + (method === 'stream' ? 1 : 0), undefined)
}

/**
 * The sites outside of Kysely, as far as names tell, of a stack that was captured at the driver. Where Kysely is a
 * dependency, they may contain more of its frames, which the file tells.
 */
export function outsideDriver(sites: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  const first = sites.findIndex((site) => TO_DRIVER.has(site.getFunctionName()))
  const file = sites[first]?.getFileName() ?? undefined
  if (file === undefined) return sites
  const isInside = (site: NodeJS.CallSite | undefined): boolean =>
    site?.getFileName() === file && TO_DRIVER.has(site.getFunctionName())
  let index = first
  while (isInside(sites[index])) index++
  return withoutCallbacks(sites.slice(skipExecuting(sites, index, file)), file)
}

/**
 * Leaves out `provideConnection` and the function that it calls, as for a transaction, in the file that Kysely is in. In
 * its own files this does not matter.
 */
export function withoutCallbacks(
  sites: readonly NodeJS.CallSite[],
  file: string | null | undefined,
): readonly NodeJS.CallSite[] {
  const outside: NodeJS.CallSite[] = []
  for (const site of sites) {
    if (site.getFileName() !== file || site.getFunctionName() !== 'provideConnection') outside.push(site)
    else if (outside.at(-1)?.getFileName() === file) outside.pop()
  }
  return outside
}

function skipExecuting(sites: readonly NodeJS.CallSite[], from: number, file: string | undefined): number {
  let index = from
  for (const name of EXECUTING) {
    const site = sites[index]
    if (site?.getFunctionName() === name && (file === undefined || site.getFileName() === file)) index++
  }
  return index
}
