import { posix } from 'node:path'

import { parseSync, type Comment, type ParseResult } from 'oxc-parser'

/** One member of an option type, as a page shows it. */
export interface DocumentedOption {
  readonly name: string
  /** Whether the member has no `?`. */
  readonly required: boolean
  /** The first paragraph of its doc comment, on one line. */
  readonly description: string
  /** What follows `@default`; `undefined` where there is none. */
  readonly defaultText: string | undefined
}

/** The sources of the repository. */
export interface Sources {
  /** Reads a file by its path below the root. */
  read(path: string): string
  /** The files in which `declare module '…'` may add members to an interface. */
  readonly augmenting: readonly string[]
}

type Statement = ParseResult['program']['body'][number]
type InterfaceDeclaration = Extract<Statement, { type: 'TSInterfaceDeclaration' }>
type Member = InterfaceDeclaration['body']['body'][number]

/** A module of the repository, parsed. */
interface Module {
  readonly path: string
  readonly source: string
  readonly body: readonly Statement[]
  readonly comments: readonly Comment[]
}

/** An interface and the module that declares it. */
interface FoundInterface {
  readonly module: Module
  readonly declaration: InterfaceDeclaration
}

/**
 * Reads the members of an interface and their doc comments: its own members first, then those that other files add with
 * `declare module`, then those of the interfaces that it extends. Follows imports and re-exports of the repository's own
 * files, so `path` may be an entry point.
 *
 * @throws Error for an interface that is not found, and for a member without a doc comment, or with tags alone
 */
export function readOptions(path: string, name: string, sources: Sources): DocumentedOption[] {
  const options = new Map<string, DocumentedOption>()
  collect(path, name, new Set())
  return [...options.values()]

  function collect(at: string, interfaceName: string, visited: Set<string>): void {
    const { module, declaration } = findInterface(at, interfaceName, sources)
    const key = `${module.path} ${declaration.id.name}`
    if (visited.has(key)) return
    visited.add(key)
    for (const part of [
      { module, declaration },
      ...augmentationsOf(module.path, declaration.id.name, sources),
    ]) {
      for (const member of part.declaration.body.body) {
        const option = documentedOption(part.module, member)
        // A member that is declared again replaces the inherited one.
        if (!options.has(option.name)) options.set(option.name, option)
      }
    }
    for (const { expression } of declaration.extends) {
      if (expression.type !== 'Identifier') {
        throw new Error(
          `${module.path}: ${interfaceName} extends an expression, and only names are supported`,
        )
      }
      collect(module.path, expression.name, visited)
    }
  }
}

function parseModule(path: string, { read }: Sources): Module {
  const source = read(path)
  const { program, comments, errors } = parseSync(path, source)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  return { path, source, body: program.body, comments }
}

/** The parts of an interface that other files add. */
function augmentationsOf(path: string, name: string, sources: Sources): FoundInterface[] {
  return sources.augmenting
    .filter((file) => sources.read(file).includes('declare module'))
    .flatMap((file) => {
      const module = parseModule(file, sources)
      return module.body.flatMap((statement) => {
        if (statement.type !== 'TSModuleDeclaration' || statement.id.type !== 'Literal') return []
        const specifier = String(statement.id.value)
        if (!specifier.startsWith('.') || resolve(file, specifier) !== path) return []
        const { body } = statement
        const inner: readonly Statement[] = body?.type === 'TSModuleBlock' ? (body.body as Statement[]) : []
        return inner.flatMap((declaration) =>
          declaration.type === 'TSInterfaceDeclaration' && declaration.id.name === name
            ? [{ module, declaration }]
            : [],
        )
      })
    })
}

function findInterface(path: string, name: string, sources: Sources): FoundInterface {
  const module = parseModule(path, sources)
  for (const statement of module.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type === 'TSInterfaceDeclaration' && declared.id.name === name) {
      return { module, declaration: declared }
    }
    const target = importedAs(statement, name)
    if (target !== undefined) return findInterface(resolve(path, target.specifier), target.name, sources)
  }
  throw new Error(`${path}: there is no interface ${name}`)
}

/** Where a name comes from if this statement imports or re-exports it. */
function importedAs(
  statement: Statement,
  name: string,
): { readonly specifier: string; readonly name: string } | undefined {
  if (statement.type === 'ImportDeclaration') {
    for (const each of statement.specifiers) {
      if (each.type === 'ImportSpecifier' && each.local.name === name) {
        return { specifier: statement.source.value, name: nameOf(each.imported) }
      }
    }
  }
  if (statement.type === 'ExportNamedDeclaration' && statement.source) {
    for (const each of statement.specifiers) {
      if (nameOf(each.exported) === name)
        return { specifier: statement.source.value, name: nameOf(each.local) }
    }
  }
  return undefined
}

function nameOf(node: { readonly name: string } | { readonly value: string }): string {
  return 'name' in node ? node.name : node.value
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) throw new Error(`${from}: ${specifier} is not a file of the same package`)
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

function documentedOption(module: Module, member: Member): DocumentedOption {
  if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') {
    throw new Error(`${module.path}: only named members can be documented, but found ${member.type}`)
  }
  const { key } = member
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
  const comment = docCommentBefore(module, member.start)
  if (comment === undefined) throw new Error(`${module.path}: ${name} has no doc comment`)
  const { description, defaultText } = readDocComment(comment)
  if (description === '') throw new Error(`${module.path}: the doc comment of ${name} has no description`)
  return { name, required: !member.optional, description, defaultText }
}

function docCommentBefore({ comments, source }: Module, start: number): string | undefined {
  const comment = comments.findLast(({ end }) => end <= start)
  if (comment?.type !== 'Block' || !comment.value.startsWith('*')) return undefined
  return source.slice(comment.end, start).trim() === '' ? comment.value : undefined
}

/** Takes the first paragraph and the text of `@default` from a doc comment, each on one line. */
export function readDocComment(comment: string): Pick<DocumentedOption, 'description' | 'defaultText'> {
  const text = comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .replaceAll(/\{@link(?:code)?\s+([^}\s]+)[^}]*\}/g, '`$1`')
  // A tag stands at the beginning of a line or, in comments of one line, behind the text.
  const [description = '', ...tags] = text.split(/(?:^|\s)(?=@[a-z]+(?:\s|$))/)
  const defaultTag = tags.find((tag) => tag.startsWith('@default'))
  const [firstParagraph = ''] = description.trim().split(/\n\s*\n/)
  const defaultText = defaultTag?.slice('@default'.length).trim()
  return {
    description: oneLine(firstParagraph),
    defaultText: defaultText === undefined || defaultText === '' ? undefined : oneLine(defaultText),
  }
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
