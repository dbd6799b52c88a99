import type { MatcherContext, MatcherResult } from '../matchers/matcher.js'

/** As Jest calls it, with the state of `expect` as `this`. */
type JestMatcher = (this: MatcherContext, received: unknown, value?: string) => MatcherResult

interface ExpectOfJest {
  /** The matchers, those of Jest among them. */
  readonly matchers?: Readonly<Record<string, JestMatcher>>
  readonly state?: { readonly testPath?: string | undefined }
}

const EXPECT = Symbol.for('$$jest-matchers-object')

/** What `expect` of the Jest that runs keeps for all its copies; `undefined` outside Jest. */
export function expectOfJest(): ExpectOfJest | undefined {
  return (globalThis as { [EXPECT]?: ExpectOfJest })[EXPECT]
}
