/**
 * Recognises the frames of the helpers that compilers write for asynchronous functions where the target is older than
 * ES2017: TypeScript, esbuild, Babel and SWC. They are in the file of the application, or in `tslib` and its like, and no
 * line of the source belongs to them.
 */

/** The sites of a stack without those of helpers. */
export interface SourceSites {
  readonly sites: readonly NodeJS.CallSite[]
  /**
   * A compiler makes two functions of one: one has the name, and the other one, a generator, the statements. This has the
   * site of the first one by that of the second one, which alone is in `sites`.
   */
  readonly named: ReadonlyMap<NodeJS.CallSite, NodeJS.CallSite>
}

/** Helpers that a function calls, and that run its generator in the executor of a promise. */
const STARTING: ReadonlySet<string | null> = new Set(['__awaiter', '__async'])
/** Helpers that run a generator from a callback, or from {@link STARTING}. */
const RUNNING: ReadonlySet<string | null> = new Set(['fulfilled', 'rejected', 'resume', 'asyncGeneratorStep'])
/** Between {@link RUNNING} and the executor of the promise, or the queue of microtasks. */
const CALLING: ReadonlySet<string | null> = new Set(['_next', '_throw', 'run'])
/** The methods of an asynchronous generator that the application calls. */
const METHOD = /\.<computed>$|^(?:AsyncGenerator|_async_generator)\b|^send$/
const GENERATOR_METHODS: ReadonlySet<string | null> = new Set(['next', 'throw', 'return'])
const NONE: ReadonlyMap<NodeJS.CallSite, NodeJS.CallSite> = new Map()

export function withoutAsyncHelpers(sites: readonly NodeJS.CallSite[]): SourceSites {
  const kept: NodeJS.CallSite[] = []
  let named: Map<NodeJS.CallSite, NodeJS.CallSite> | undefined
  for (let index = 0; index < sites.length; index++) {
    const site = sites[index]!
    const name = site.getFunctionName()
    if (STARTING.has(name) && isPromise(sites[index - 1])) {
      // The promise and its executor, where the stack does not begin at the promise.
      kept.splice(-2)
      dropGenerator(kept)
      const wrapper = sites[++index]
      const body = kept.at(-1)
      if (wrapper !== undefined && body !== undefined) (named ??= new Map()).set(body, wrapper)
    } else if (RUNNING.has(name) && dropGenerator(kept)) {
      index = endOfRun(sites, index)
    } else kept.push(site)
  }
  return { sites: kept.length === sites.length ? sites : kept, named: named ?? NONE }
}

/** Removes what runs the generator whose site is in front of it. @returns whether there is such a site */
function dropGenerator(kept: NodeJS.CallSite[]): boolean {
  const { length } = kept
  if (isOfGenerator(kept.at(-1))) {
    kept.pop()
    // Targets without generators have more frames of their own: `step`, or an unnamed method.
    if (kept.at(-1)?.getFunctionName() === 'step' || isUnnamedMethod(kept.at(-1))) kept.pop()
  }
  return kept.length < length
}

function isOfGenerator(site: NodeJS.CallSite | undefined): boolean {
  if (site === undefined) return false
  if (isBuiltIn(site)) return GENERATOR_METHODS.has(site.getFunctionName())
  return site.getFunctionName() === null && (isUnnamedMethod(site) || site.getTypeName() === 'Object')
}

/** A method of the object that stands for a generator, such as those of Babel's `_regenerator`. */
function isUnnamedMethod(site: NodeJS.CallSite | undefined): boolean {
  return site?.getFunctionName() === null && site.getTypeName() === 'Generator'
}

/** The index of the last site of the helper that begins at an index. */
function endOfRun(sites: readonly NodeJS.CallSite[], from: number): number {
  let index = from
  while (CALLING.has(nameAt(sites, index + 1))) index++
  // The executor, the promise, and the function or method that the application calls.
  if (!isPromise(sites[index + 2])) return index
  index += 2
  const file = sites[from]!.getFileName()
  const isHelper = (): boolean => {
    const next = sites[index + 1]
    if (next === undefined || next.getFileName() !== file) return false
    const name = next.getFunctionName()
    return name !== null && METHOD.test(name)
  }
  if (nameAt(sites, from) !== 'resume') return index + 1
  while (isHelper()) index++
  return index
}

function nameAt(sites: readonly NodeJS.CallSite[], index: number): string | null {
  return sites[index]?.getFunctionName() ?? null
}

function isPromise(site: NodeJS.CallSite | undefined): boolean {
  return site !== undefined && isBuiltIn(site) && site.getFunctionName() === 'Promise'
}

/** Whether V8 runs the function without a file. */
function isBuiltIn(site: NodeJS.CallSite): boolean {
  return (site.getFileName() ?? '') === ''
}
