import { reportFault } from '@querylens/core/internal'
import { noteCall, type RecordedDatabase } from '@querylens/core/recorder'
import type { QueryCompiler } from 'kysely'

const instrumented = new WeakSet<QueryCompiler>()

/**
 * Replaces `compileQuery` on a query compiler, which runs inside the application's call of `execute` or `stream`. There the
 * stack still has all functions that lead to the query.
 */
export function instrumentCompiler(compiler: QueryCompiler, recorded: RecordedDatabase): QueryCompiler {
  if (instrumented.has(compiler)) return compiler
  const { compileQuery } = compiler
  const value: QueryCompiler['compileQuery'] = (node, queryId) => {
    const compiled = compileQuery.call(compiler, node, queryId)
    noteCall(recorded, compiled, value)
    return compiled
  }
  try {
    Object.defineProperty(compiler, 'compileQuery', { value, writable: true, configurable: true })
    instrumented.add(compiler)
  } catch (error) {
    // A frozen compiler stays unchanged, and Querylens finds the lines of its queries by the frames that await them.
    reportFault('instrumenting a query compiler', error)
  }
  return compiler
}
