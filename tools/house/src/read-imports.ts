import { parseSync, Visitor } from 'oxc-parser'

/** One reference of a module to another. */
export interface ImportReference {
  /** As the source writes it; undefined for `import(expression)`. */
  readonly specifier: string | undefined
  /** 1-based. */
  readonly line: number
  /**
   * Whether the compiler removes it. It keeps `import { type A } from './a.js'`: with `verbatimModuleSyntax` that becomes
   * `import {} from './a.js'`, and Node loads the module.
   */
  readonly typeOnly: boolean
}

/** All references of a TypeScript module: imports, re-exports, `import()` and `import('…')` in types. */
export function readImports(path: string, source: string): ImportReference[] {
  const { program, errors } = parseSync(path, source)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const references: ImportReference[] = []
  const add = (start: number, specifier: string | undefined, typeOnly: boolean): void => {
    references.push({ specifier, line: source.slice(0, start).split('\n').length, typeOnly })
  }
  new Visitor({
    ImportDeclaration: (node) => add(node.start, node.source.value, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node.start, node.source.value, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.start, node.source.value, node.exportKind === 'type')
    },
    ImportExpression: (node) => {
      const { source: argument } = node
      const isText = argument.type === 'Literal' && typeof argument.value === 'string'
      add(node.start, isText ? String(argument.value) : undefined, false)
    },
    TSImportType: (node) => add(node.start, node.source.value, true),
  }).visit(program)
  return references
}
