/**
 * State that belongs to the process rather than to one copy of this package: an application that is bundled,
 * or whose dependencies want two versions, has several copies, and they must still find each other.
 *
 * @param name with a version of what is kept there: copies of different releases meet here
 */
export function sharedState<State>(name: string, create: () => State): State {
  const key = Symbol.for(`querylens.${name}`)
  const holder = globalThis as unknown as Record<symbol, State | undefined>
  return (holder[key] ??= create())
}
