import { createRequire, isBuiltin, register, syncBuiltinESMExports } from 'node:module'
import { pathToFileURL } from 'node:url'

import { patchedModulesOf } from '../sdk-internals.js'
import { warnOfSetup } from '../warn-of-setup.js'

/** `register-hooks.mjs` of `import-in-the-middle` 3.3 and later */
interface SyncHooks {
  supportsSyncHooks(): boolean
  register(options: { readonly include: readonly string[] }): void
}

const require = createRequire(import.meta.url)

/**
 * Makes instrumentations see what ES modules import. By themselves they only see what CommonJS modules require.
 *
 * An instrumentation of a module of Node, such as `node:http`, needs no loader hook: it patches the one object that all
 * importers share, as soon as something requires the module. For packages Querylens registers OpenTelemetry's loader hook,
 * for the modules of these instrumentations alone.
 */
export function instrumentEsModules(instrumentations: readonly unknown[]): void {
  const modules = new Set(instrumentations.flatMap(patchedModulesOf))
  const builtins = [...modules].filter((name) => isBuiltin(name))
  for (const name of builtins) require(name)
  if (builtins.length > 0) syncBuiltinESMExports()
  const packages = [...modules].filter((name) => !isBuiltin(name))
  if (packages.length === 0) return
  try {
    if (!isHookRegistered()) registerHook(packages)
  } catch (error) {
    warnOfSetup(
      'the loader hook of @opentelemetry/instrumentation could not be registered, so ES modules import these packages ' +
        `without instrumentation: ${packages.join(', ')}. Reason: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Whether the application has registered the hook: a second one would replace the settings of the first. */
function isHookRegistered(): boolean {
  // Vitest has no `resolve`.
  return import.meta.resolve?.('node:http').includes('iitm=') ?? false
}

/** Takes the hook from the SDK's own dependencies, which the instrumentations share where versions agree. */
function registerHook(include: readonly string[]): void {
  const fromSdk = createRequire(require.resolve('@opentelemetry/sdk-node'))
  const hook = fromSdk.resolve('@opentelemetry/instrumentation/hook.mjs')
  const syncHooks = loadSyncHooks(createRequire(hook))
  if (syncHooks?.supportsSyncHooks() === true) syncHooks.register({ include })
  else if (!isPreloadedByRequire()) register(pathToFileURL(hook), { data: { include } })
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

/** The hook that runs in this thread. Node 26 deprecates the other one; before 24.11.1 Node has a fault in this one. */
function loadSyncHooks(fromInstrumentation: NodeJS.Require): SyncHooks | undefined {
  try {
    return fromInstrumentation('import-in-the-middle/register-hooks.mjs') as SyncHooks
  } catch {
    // An older version of `import-in-the-middle`.
    return undefined
  }
}
