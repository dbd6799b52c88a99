import { markdownTable } from './markdown-table.ts'
import { readOptions, type DocumentedOption, type Sources } from './read-options.ts'

/** What the table of findings shows of a kind; `findingKinds` of `@querylens/core/internal` has more. */
export interface DocumentedKind {
  /** `n_plus_one` */
  readonly kind: string
  /** Its option in `detect`: `nPlusOne`. */
  readonly option: string
  readonly docs: {
    /** What is wrong, in one sentence. */
    readonly what: string
    /** The default limit. */
    readonly opens: string
    readonly example: string
  }
}

/** What the tables are made of. */
export interface TableSources extends Sources {
  readonly kinds: readonly DocumentedKind[]
}

/** The script of the repository's package.json that runs `write-tables.ts`. */
export const WRITE_COMMAND = 'npx pnpm@12 docs:tables'

const KIND_COLUMNS: Readonly<Record<string, (kind: DocumentedKind) => string>> = {
  kind: ({ kind }) => `\`${kind}\``,
  option: ({ option }) => `\`${option}\``,
  what: ({ docs }) => docs.what,
  opens: ({ docs }) => docs.opens,
  example: ({ docs }) => docs.example,
}

const BLOCK = /^<!-- (options|finding kinds): (.+?) -->\n(.*?)^<!-- \/\1 -->$/gms
const MARKER = /^<!-- \/?(?:options|finding kinds)\b.*$/gm

/**
 * Writes the generated tables of a page anew, between their markers:
 *
 *     <!-- options: packages/kysely-plugin/src/index.ts QuerylensOptions -->
 *     <!-- /options -->
 *
 *     <!-- finding kinds: kind, what, opens, option -->
 *     <!-- /finding kinds -->
 *
 * A column of the second one may have a title of its own: `opens as default`.
 *
 * @throws Error for a marker without its counterpart, a type that is not found and a column that does not exist
 */
export function rewriteTables(markdown: string, sources: TableSources): string {
  let markers = 0
  const page = markdown.replaceAll(BLOCK, (_, table: string, argument: string) => {
    markers += 2
    const rows = table === 'options' ? optionRows(argument, sources) : kindRows(argument, sources)
    return `<!-- ${table}: ${argument} -->\n\n${markdownTable(rows)}\n\n<!-- /${table} -->`
  })
  const all = markdown.match(MARKER) ?? []
  if (all.length !== markers) throw new Error(`a marker of a table has no counterpart: ${all.join(' ')}`)
  return page
}

function optionRows(argument: string, sources: TableSources): string[][] {
  const [path, name, ...others] = argument.split(' ')
  if (path === undefined || name === undefined || others.length > 0) {
    throw new Error(`a table of options takes a path and the name of an interface, but got: ${argument}`)
  }
  const options = readOptions(path, name, sources)
  return [
    ['option', 'default', 'what'],
    ...options.map((option) => [`\`${option.name}\``, defaultOf(option), option.description]),
  ]
}

function defaultOf({ required, defaultText }: DocumentedOption): string {
  if (required) return 'required'
  if (defaultText === undefined) return 'none'
  // `true`, `'report'`, `{ atLeast: 5 }`: what is code is shown as code, with the words that follow it as they are.
  return defaultText.replace(/^(?:true|false|'[^']*'|\{[^}]*\}|\[[^\]]*\])(?=$|[,;:. ])/, '`$&`')
}

function kindRows(argument: string, { kinds }: TableSources): string[][] {
  const columns = argument.split(',').map((column) => {
    const [, name = '', title = name] = /^\s*(\w+)(?: as (\w+))?\s*$/.exec(column) ?? []
    const cellOf = KIND_COLUMNS[name]
    if (cellOf === undefined) {
      throw new Error(
        `a table of kinds has the columns ${Object.keys(KIND_COLUMNS).join(', ')}, not ${column}`,
      )
    }
    return { title, cellOf }
  })
  return [
    columns.map(({ title }) => title),
    ...kinds.map((kind) => columns.map(({ cellOf }) => cellOf(kind))),
  ]
}
