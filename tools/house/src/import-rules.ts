import { posix } from 'node:path'

import { findCycle } from './find-cycle.ts'
import type { Directions } from './read-directions.ts'
import { readImports, type ImportReference } from './read-imports.ts'

/** The sources and manifests of all packages, and the allowed directions of imports. */
export interface Repository {
  /** Source texts by path, such as `packages/core/src/sql/tokens/tokenizer.ts`. */
  readonly sources: ReadonlyMap<string, string>
  /** By folder below `packages`. */
  readonly manifests: ReadonlyMap<string, Manifest>
  readonly directions: Directions
}

/** The part of a package.json that the rules compare imports with. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The entry points of a package: they import from every folder, and no folder imports them. */
const ENTRY_POINTS = ['index.ts', 'recorder.ts', 'internal.ts']

/** The parts of a module's path. */
interface Module {
  readonly path: string
  /** The package's folder: `core`. */
  readonly owner: string
  /** Its path below `src`: `sql/tokens/tokenizer.ts`. */
  readonly file: string
}

/**
 * Compares every import of the packages, types included, with the directions in `docs/ARCHITECTURE.md`.
 *
 * @returns one line for each import that breaks a rule, and one for an import cycle
 */
export function findImportProblems(repository: Repository): string[] {
  const problems: string[] = []
  const graph = new Map<string, string[]>()
  for (const [path, source] of repository.sources) {
    const module = locate(path)
    const edges: string[] = []
    graph.set(path, edges)
    if (module === undefined || !repository.directions.has(module.owner)) {
      problems.push(`${path}: belongs to no package that has rules`)
      continue
    }
    for (const reference of readImports(path, source)) {
      const target = resolveRelative(path, reference)
      const problem =
        target === undefined
          ? checkPackageImport(module, reference, repository)
          : checkModuleImport(module, target, reference, repository)
      if (problem !== undefined) problems.push(`${path}:${reference.line}: ${problem}`)
      if (target !== undefined) edges.push(target)
    }
  }
  const cycle = findCycle(graph)
  if (cycle !== undefined) problems.push(`import cycle: ${cycle.join(' -> ')}`)
  return problems
}

function locate(path: string): Module | undefined {
  const [, owner, file] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  return owner === undefined || file === undefined ? undefined : { path, owner, file }
}

/** The folders of a module that have rules, from its package to the innermost one. */
function foldersOf({ owner, file }: Module, directions: Directions): readonly string[] {
  const names = file.split('/').slice(0, -1)
  const folders = names.map((_, index) => [owner, ...names.slice(0, index + 1)].join('/'))
  return [owner, ...folders.filter((folder) => directions.has(folder))]
}

function resolveRelative(from: string, { specifier }: ImportReference): string | undefined {
  if (specifier === undefined || !specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

function checkPackageImport(
  module: Module,
  { specifier }: ImportReference,
  { directions, manifests }: Repository,
): string | undefined {
  const { owner } = module
  if (specifier === undefined) return 'imports an expression, which cannot be checked'
  if (specifier.startsWith('node:')) return undefined
  const name = packageName(specifier)
  if (name === `@querylens/${owner}`) return `${owner} imports its own entry point ${specifier}`
  const folders = foldersOf(module, directions)
  const isAllowed = (folder: string): boolean =>
    directions.get(folder)?.some((target) => isPackage(name, target)) === true
  if (!folders.some(isAllowed)) {
    const other = [...directions.keys()].find((folder) => folder.startsWith(`${owner}/`) && isAllowed(folder))
    return other === undefined
      ? `${owner} must not import ${specifier}`
      : `only ${other} may import ${specifier}`
  }
  const manifest = manifests.get(owner)
  if (manifest?.dependencies?.[name] === undefined && manifest?.peerDependencies?.[name] === undefined) {
    return `${name} is neither a dependency nor a peer dependency of ${owner}`
  }
  return undefined
}

/** Whether a direction's target is this npm package. Directions name packages of this repository by their folder. */
function isPackage(name: string, target: string): boolean {
  return name === target || name === `@querylens/${target}`
}

function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function checkModuleImport(
  from: Module,
  target: string,
  { specifier }: ImportReference,
  { sources, directions }: Repository,
): string | undefined {
  const to = locate(target)
  if (to?.owner !== from.owner) return `${specifier} leads out of the package's src`
  if (!sources.has(target)) return `${specifier} is no module; relative imports name the .js file`
  if (ENTRY_POINTS.includes(posix.basename(target))) return `imports the package's own ${to.file}`
  if (ENTRY_POINTS.includes(from.file)) return undefined
  const fromFolder = foldersOf(from, directions).at(-1)
  const toFolder = foldersOf(to, directions).at(-1)
  if (fromFolder === undefined || toFolder === undefined || fromFolder === toFolder) return undefined
  if (toFolder === from.owner && to.file.includes('/'))
    return `${posix.dirname(to.file)}/ is missing in docs/ARCHITECTURE.md`
  // Every folder of the package may import the files directly in `src`.
  if (toFolder === to.owner) return undefined
  if (directions.get(fromFolder)?.includes(toFolder) === true) return undefined
  return fromFolder === from.owner
    ? `${from.file} is directly in src, so it must not import from ${toFolder}`
    : `${fromFolder} must not import from ${toFolder}`
}
