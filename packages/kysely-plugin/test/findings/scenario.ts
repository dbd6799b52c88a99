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

/** One scenario: the code and its findings. */
export interface Scenario {
  /** Runs in a new scope. */
  run(db: Kysely<Blog>): Promise<unknown>
  /**
   * The findings, in the order in which they open. The call site is the line below the comment `// here`, or
   * `// here: name` in a scenario with several.
   *
   * @default none
   */
  readonly findings?: readonly ExpectedFinding[]
  /** The options of the scope. @default those of the database */
  readonly options?: DetectOptions
}

/** The fields of a finding that a scenario checks. */
export interface ExpectedFinding extends Partial<
  Pick<Finding, 'evidence' | 'count' | 'distinctCount' | 'avoidableCount' | 'summary' | 'suggestion'>
> {
  readonly kind: FindingKind
  /** The function of the call site. */
  readonly function?: string
  /** The name in the comment `// here: name`. @default '' */
  readonly here?: string
  /** The functions of the lines that lead to the query, from the query outwards, without those of the test itself. */
  readonly path?: readonly string[]
  /** The functions of the call sites of a duplicate. */
  readonly callers?: readonly string[]
  /** The summary of the source query, and its column. */
  readonly source?: readonly [summary: string, column: string]
}
