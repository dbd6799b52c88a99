/**
 * The version of everything that copies of this package share. Raise it when a slot changes what it holds: copies with
 * different versions then keep apart, instead of reading each other's state wrongly. A test pins what each slot holds.
 */
const VERSION = 1

const KEY: unique symbol = Symbol.for(`querylens.state/${VERSION}`)

type Slots = Record<string, unknown>

/**
 * State of the process, rather than of one copy of this package. A bundled application has several copies, and so has
 * one whose dependencies want two versions; all of them have to find the same scopes, ids and caches.
 *
 * @param slot names the state
 * @param create makes it, for the copy that asks first
 */
export function processState<State>(slot: string, create: () => State): State {
  const holder = globalThis as { [KEY]?: Slots }
  const slots = (holder[KEY] ??= {})
  return (slots[slot] ??= create()) as State
}
