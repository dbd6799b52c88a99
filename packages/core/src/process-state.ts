import diagnosticsChannel from 'node:diagnostics_channel'

/**
 * The version of everything that copies of this package share. Raise it when a slot changes what it holds: copies with
 * different versions then keep apart, instead of reading each other's state wrongly. A test pins what each slot holds.
 */
const VERSION = 1

const KEY: unique symbol = Symbol.for(`querylens.state/${VERSION}`)

type Slots = Record<string, unknown>

/**
 * State of the application, rather than of one copy of this package. A bundled application has several copies, and so has
 * one whose dependencies want two versions; all of them have to find the same caches and options.
 *
 * Jest, and Vitest with `vmThreads`, run each test file in a realm of its own: each of these is an application.
 *
 * @param slot names the state
 * @param create makes it, for the copy that asks first
 */
export function processState<State>(slot: string, create: () => State): State {
  return slotOf(globalThis, slot, create)
}

/**
 * State of the process, which all realms in it share, as they share the channels of Node. The state outlives the realm
 * that asks first, so it holds data, but no code that runs in another realm.
 *
 * Every realm has a `globalThis` and, under Jest, a `process` of its own. Node's modules are the same objects in all of
 * them.
 */
export function stateOfAllRealms<State>(slot: string, create: () => State): State {
  // A runtime other than Node may lock its modules.
  const holder = Object.isExtensible(diagnosticsChannel) ? diagnosticsChannel : globalThis
  return slotOf(holder, slot, create)
}

/**
 * The versions of state that other copies of this package hold in this process. They have scopes, options and captures of
 * their own, so that what one of them records belongs to no scope of this copy.
 */
export function incompatibleCopies(): readonly string[] {
  const versions = new Set<string>()
  for (const symbol of [globalThis, diagnosticsChannel].flatMap((holder) =>
    Object.getOwnPropertySymbols(holder),
  )) {
    const version = /^querylens\.state\/(.+)$/.exec(symbol.description ?? '')?.[1]
    if (version !== undefined && symbol !== KEY) versions.add(version)
  }
  return [...versions]
}

function slotOf<State>(holder: object, slot: string, create: () => State): State {
  const slots = ((holder as { [KEY]?: Slots })[KEY] ??= {})
  return (slots[slot] ??= create()) as State
}
