import type { Finding, FindingKind, DetectOptions } from '@querylens/core'
import type { Generated, Kysely } from 'kysely'

/** The tables of the scenarios: three authors wrote six posts with two comments each. */
export interface Blog {
  authors: { id: Generated<number>; name: string }
  posts: {
    id: Generated<number>
    author_id: number
    editor_id: number | null
    title: string
    key: Generated<string>
  }
  comments: { id: Generated<number>; post_id: number; body: string; likes: Generated<number> }
  documents: { id: Generated<string>; title: string; related: string[] }
}

/** What one scenario does, and what is to be found in it. */
export interface Scenario {
  /** Runs in a scope of its own. */
  run(db: Kysely<Blog>): Promise<unknown>
  /**
   * The findings, in the order in which they open; none by default. The line is the one below the comment `// here`, or
   * `// here: name` where there are several.
   */
  readonly findings?: readonly ExpectedFinding[]
  /** Those of the scope; the databases' own by default. */
  readonly options?: DetectOptions
}

/** The part of a finding that a scenario is about. */
export interface ExpectedFinding extends Partial<
  Pick<Finding, 'evidence' | 'count' | 'distinctCount' | 'avoidableCount' | 'summary' | 'suggestion'>
> {
  readonly kind: FindingKind
  /** The name of the function that the line is in. */
  readonly function?: string
  /** Which `// here` it is. @default '' */
  readonly here?: string
  /** The functions in which the calls of a duplicate part. */
  readonly callers?: readonly string[]
  /** The summary of the source query, and its column. */
  readonly source?: readonly [summary: string, column: string]
}
