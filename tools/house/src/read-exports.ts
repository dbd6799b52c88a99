import { parseSync } from 'oxc-parser'

/** The names that a module exports. */
export interface ExportedNames {
  readonly values: readonly string[]
  readonly types: readonly string[]
}

/**
 * Reads the names that an entry point exports.
 *
 * @throws Error for `export *`, because an entry point has to list its public names
 */
export function readExports(path: string, source: string): ExportedNames {
  const { module, errors } = parseSync(path, source)
  if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`)
  const values: string[] = []
  const types: string[] = []
  for (const { exportName, isType } of module.staticExports.flatMap(({ entries }) => entries)) {
    if (exportName.name === null) throw new Error(`${path}: export * is not allowed, list the names.`)
    ;(isType ? types : values).push(exportName.name)
  }
  return { values: values.sort(), types: types.sort() }
}
