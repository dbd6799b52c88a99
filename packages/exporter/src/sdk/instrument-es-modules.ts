import { createRequire, isBuiltin, register, syncBuiltinESMExports } from 'node:module'
import { pathToFileURL } from 'node:url'

import { hookClassesOf, patchedModulesOf } from '../sdk-internals.js'
import { warnOfSetup } from '../warn-of-setup.js'

/** `register-hooks.mjs` of `import-in-the-middle` 3.3 and later */
interface SyncHooks {
  supportsSyncHooks(): boolean
  register(options: HookOptions): void
}

interface HookOptions {
  /** The modules that the hook looks at. */
  readonly include: string[]
}

/** From any file, because it only loads modules of Node. A CommonJS bundle has no `import.meta.url`. */
const require = createRequire(process.execPath)

/**
 * Makes instrumentations see what ES modules import. By themselves they only see what CommonJS modules require.
 *
 * An instrumentation of a module of Node, such as `node:http`, needs no loader hook: it patches the one object that all
 * importers share, as soon as something requires the module. For packages Querylens registers the loader hook of
 * `import-in-the-middle`, for the modules of these instrumentations alone.
 */
export function instrumentEsModules(instrumentations: readonly unknown[]): void {
  const builtins = instrumentations.flatMap(patchedModulesOf).filter((name) => isBuiltin(name))
  for (const name of builtins) require(name)
  if (builtins.length > 0) syncBuiltinESMExports()
  const includes = includesByHook(instrumentations)
  if (includes.size === 0) return
  try {
    if (isHookRegistered()) return
    for (const [library, include] of includes) registerHook(createRequire(library), { include })
  } catch (error) {
    warnOfSetup(
      'the loader hook of import-in-the-middle could not be registered, so ES modules import these packages without ' +
        `instrumentation: ${[...includes.values()].join(', ')}. Reason: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** The packages that are patched, by the file of `import-in-the-middle`: instrumentations may use several copies of it. */
function includesByHook(instrumentations: readonly unknown[]): Map<string, string[]> {
  const includes = new Map<string, string[]>()
  for (const instrumentation of instrumentations) {
    const packages = patchedModulesOf(instrumentation).filter((name) => !isBuiltin(name))
    if (packages.length === 0) continue
    const classes = hookClassesOf(instrumentation)
    const library = Object.values(require.cache).find((module) => classes.includes(module?.exports))?.filename
    if (library !== undefined) includes.set(library, [...(includes.get(library) ?? []), ...packages])
  }
  return includes
}

/** Whether the application has registered the hook: a second one would replace the settings of the first. */
function isHookRegistered(): boolean {
  // Vitest has no `resolve`.
  return import.meta.resolve?.('node:http').includes('iitm=') ?? false
}

function registerHook(fromLibrary: NodeJS.Require, options: HookOptions): void {
  const syncHooks = loadSyncHooks(fromLibrary)
  if (syncHooks?.supportsSyncHooks() === true) syncHooks.register(options)
  else if (!isPreloadedByRequire())
    register(pathToFileURL(fromLibrary.resolve('./hook.mjs')), { data: options })
}

/** The hook that runs in this thread. Node 26 deprecates the other one; before 24.11.1 Node has a fault in this one. */
function loadSyncHooks(fromLibrary: NodeJS.Require): SyncHooks | undefined {
  try {
    return fromLibrary('./register-hooks.mjs') as SyncHooks
  } catch {
    // An older version of `import-in-the-middle`.
    return undefined
  }
}

/**
 * Whether `node --require` loads what called this. Node runs such modules in the thread of the other hook, too, where it
 * cannot require ES modules such as this one: the process would end with an error.
 */
function isPreloadedByRequire(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = Infinity
  const { stack = '' } = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return /\bloadPreloadModules\b/.test(stack)
}
