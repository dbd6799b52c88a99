import { posix } from 'node:path'

import { findCycle } from './find-cycle.ts'
import { readImports, type ImportReference } from './read-imports.ts'

/** What is checked: the sources of all packages, and what their manifests say. */
export interface House {
  /** Source texts by path, such as `packages/core/src/sql/tokenizer.ts`. */
  readonly sources: ReadonlyMap<string, string>
  /** By folder below `packages`. */
  readonly manifests: ReadonlyMap<string, Manifest>
}

/** The part of a package.json that imports are held against. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** What a package may import besides itself and Node. */
const ALLOWED_PACKAGES: Readonly<Record<string, (name: string) => boolean>> = {
  core: () => false,
  'kysely-plugin': (name) => name === '@querylens/core' || name === 'kysely',
  exporter: (name) => name === '@querylens/core' || name.startsWith('@opentelemetry/'),
}

/** A folder of core may import those of a lower level; of its own level only itself. */
const CORE_LEVELS: Readonly<Record<string, number>> = {
  sql: 0,
  plan: 0,
  messages: 1,
  detect: 2,
  scope: 3,
  record: 4,
  testing: 5,
}
/** What packages export; nothing inside them imports it. */
const ENTRY_POINTS = ['index.ts', 'recorder.ts']
/** The other way round these may know each other's types: a scope is told of what was recorded in it. */
const CORE_NEIGHBOURS: string[] = []

/** A module, taken apart. */
interface Module {
  readonly path: string
  /** The package's folder: `core`. */
  readonly owner: string
  /** Its place below `src`: `sql/tokenizer.ts`. */
  readonly place: string
}

/**
 * Holds every import of the house against the directions that `docs/ARCHITECTURE.md` draws.
 *
 * @returns one line for each import that breaks a rule and one for each package with an import cycle
 */
export function findImportProblems(house: House): string[] {
  const problems: string[] = []
  const graph = new Map<string, string[]>()
  for (const [path, source] of house.sources) {
    const module = locate(path)
    const edges: string[] = []
    graph.set(path, edges)
    if (module === undefined || ALLOWED_PACKAGES[module.owner] === undefined) {
      problems.push(`${path}: belongs to no package that has rules`)
      continue
    }
    for (const reference of readImports(path, source)) {
      const target = resolveRelative(path, reference)
      const problem =
        target === undefined
          ? checkPackageImport(module, reference, house.manifests.get(module.owner))
          : checkModuleImport(module, target, reference, house.sources)
      if (problem !== undefined) problems.push(`${path}:${reference.line}: ${problem}`)
      if (target !== undefined && !reference.typeOnly) edges.push(target)
    }
  }
  const cycle = findCycle(graph)
  if (cycle !== undefined) problems.push(`import cycle: ${cycle.join(' -> ')}`)
  return problems
}

function locate(path: string): Module | undefined {
  const [, owner, place] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? []
  return owner === undefined || place === undefined ? undefined : { path, owner, place }
}

function resolveRelative(from: string, { specifier }: ImportReference): string | undefined {
  if (specifier === undefined || !specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

function checkPackageImport(
  { owner, place }: Module,
  { specifier }: ImportReference,
  manifest: Manifest | undefined,
): string | undefined {
  if (specifier === undefined) return 'imports something that is known only at run time'
  if (specifier.startsWith('node:')) return undefined
  const name = packageName(specifier)
  if (name === `@querylens/${owner}`) return `${owner} imports its own entry point ${specifier}`
  if (ALLOWED_PACKAGES[owner]?.(name) !== true) return `${owner} must not import ${specifier}`
  if (name === '@opentelemetry/sdk-node' && !place.startsWith('sdk/')) {
    return `${name} is optional, so it belongs below sdk/ only`
  }
  if (manifest?.dependencies?.[name] === undefined && manifest?.peerDependencies?.[name] === undefined) {
    return `${name} is neither a dependency nor a peer dependency of ${owner}`
  }
  return undefined
}

function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function checkModuleImport(
  from: Module,
  target: string,
  reference: ImportReference,
  sources: ReadonlyMap<string, string>,
): string | undefined {
  const to = locate(target)
  if (to?.owner !== from.owner) return `${reference.specifier} leads out of the package's src`
  if (!sources.has(target)) return `${reference.specifier} is no module; relative imports name the .js file`
  if (ENTRY_POINTS.includes(posix.basename(target))) return `imports the package's own ${to.place}`
  return from.owner === 'core' ? checkCoreFolders(from.place, to.place, reference.typeOnly) : undefined
}

/** Entry points collect from everywhere; the other files beside it stand below all folders. */
function checkCoreFolders(from: string, to: string, typeOnly: boolean): string | undefined {
  const [fromFolder, toFolder] = [folderOf(from), folderOf(to)]
  for (const folder of [fromFolder, toFolder]) {
    if (folder !== '' && CORE_LEVELS[folder] === undefined)
      return `core's folder ${folder} has no place in the order`
  }
  if (ENTRY_POINTS.includes(from) || toFolder === '' || fromFolder === toFolder) return undefined
  if (fromFolder === '') {
    return typeOnly ? undefined : `${from} stands below ${toFolder}/, so it may import only types from there`
  }
  if (CORE_LEVELS[toFolder]! < CORE_LEVELS[fromFolder]!) return undefined
  const areNeighbours = CORE_NEIGHBOURS.includes(fromFolder) && CORE_NEIGHBOURS.includes(toFolder)
  if (areNeighbours && typeOnly) return undefined
  return `${fromFolder}/ must not import ${areNeighbours ? 'values ' : ''}from ${toFolder}/`
}

function folderOf(place: string): string {
  return place.includes('/') ? place.slice(0, place.indexOf('/')) : ''
}
