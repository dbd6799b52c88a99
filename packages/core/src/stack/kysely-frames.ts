/**
 * The index of the first frame outside of Kysely in a stack that begins in its query compiler: Kysely's `compileQuery`,
 * `compile`, `execute` and what calls that. By the names of the methods, which minifiers keep. A method of the application
 * may have the same name, so each name counts once.
 *
 * @returns 0 if the call compiles the statement and does not execute it
 */
export function callerIndexOf(sites: readonly NodeJS.CallSite[]): number {
  // The second frame is `compile`, or a private method, whose name minifiers change.
  const compiler = sites[0]?.getFunctionName()
  const method = sites[2]?.getFunctionName()
  if (compiler !== 'compileQuery' || (method !== 'execute' && method !== 'stream')) return 0
  let index = 3
  for (const caller of ['executeTakeFirst', 'executeTakeFirstOrThrow', 'explain']) {
    if (sites[index]?.getFunctionName() === caller) index++
  }
  return index
}
