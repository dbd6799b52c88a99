import { suggestOneQuery } from '../../../src/findings/suggest/suggest-read.js'
import { suggestOneWrite } from '../../../src/findings/suggest/suggest-write.js'
import type { NameInCode } from '../../../src/name-in-code.js'
import type { QueryExecution } from '../../../src/messages/query-execution.js'
import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { readTraits } from '../../../src/sql/tree/statement-traits.js'

/** A statement of a loop and the facts about the loop. */
export interface Repeats {
  readonly sql: string
  /** @default postgresql */
  readonly system?: string
  /** The indexes of the parameters that change, from 0. @default the first */
  readonly varying?: readonly number[]
  /** The source query, and the column that supplies the parameters. */
  readonly source?: readonly [sql: string, column: string]
  readonly sourceParameter?: number
  /** @default false */
  readonly returnsOne?: boolean
  readonly hasListEach?: boolean
  readonly sourceHasLists?: boolean
  /** @default what the text says */
  readonly limitedToOne?: boolean
  readonly nameInCode?: NameInCode
  /** Whether the source is in another database. @default false */
  readonly isElsewhere?: boolean
}

/** The suggestion for a loop. */
export function suggestionFor(repeats: Repeats): string {
  const { sql, system = 'postgresql', varying = [0], source, returnsOne = false, nameInCode } = repeats
  const database = { system }
  const executionOf = (text: string, isElsewhere = false): QueryExecution => {
    const shape = analyzeQuery(text, { dialect: system })
    return { shape, database: isElsewhere ? { system } : database } as QueryExecution
  }
  const execution = executionOf(sql)
  const suggest = execution.shape.kind === 'select' ? suggestOneQuery : suggestOneWrite
  const traits = readTraits(sql, system)
  return suggest({
    execution,
    traits,
    nameInCode: nameInCode ?? ((name) => name),
    varying,
    sourceParameter: source && (repeats.sourceParameter ?? varying[0]),
    source: source && {
      execution: executionOf(source[0], repeats.isElsewhere),
      column: source[1],
      callSite: undefined,
    },
    returnsOne,
    hasListEach: repeats.hasListEach ?? false,
    sourceHasLists: repeats.sourceHasLists ?? false,
    limitedToOne: repeats.limitedToOne ?? traits.limitedToOne,
  })
}

/** The code in a suggestion: its parts between backticks. */
export function codeIn(suggestion: string): readonly string[] {
  return [...suggestion.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code)
}
