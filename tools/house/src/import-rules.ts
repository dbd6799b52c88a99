import { posix } from 'node:path'

import { findCycle } from './find-cycle.ts'
import type { Directions } from './read-directions.ts'
import { readImports, type ImportReference } from './read-imports.ts'

/** What is checked: the sources of all packages, and what their manifests say. */
export interface House {
  /** Source texts by path, such as `packages/core/src/sql/tokens/tokenizer.ts`. */
  readonly sources: ReadonlyMap<string, string>
  /** By folder below `packages`. */
  readonly manifests: ReadonlyMap<string, Manifest>
  readonly directions: Directions
}

/** The part of a package.json that imports are compared with. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The entry points of a package: they import from every room, and no room imports them. */
const ENTRY_POINTS = ['index.ts', 'recorder.ts', 'internal.ts']

/** A module, taken apart. */
interface Module {
  readonly path: string
  /** The package's folder: `core`. */
  readonly owner: string
  /** Its place below `src`: `sql/tokens/tokenizer.ts`. */
  readonly place: string
}

/**
 * Compares every import of the house, types included, with the directions that `docs/ARCHITECTURE.md` draws.
 *
 * @returns one line for each import that breaks a rule, and one for an import cycle
 */
export function findImportProblems(house: House): string[] {
  const problems: string[] = []
  const graph = new Map<string, string[]>()
  for (const [path, source] of house.sources) {
    const module = locate(path)
    const edges: string[] = []
    graph.set(path, edges)
    if (module === undefined || !house.directions.has(module.owner)) {
      problems.push(`${path}: belongs to no package that has rules`)
      continue
    }
    for (const reference of readImports(path, source)) {
      const target = resolveRelative(path, reference)
      const problem =
        target === undefined
          ? checkPackageImport(module, reference, house)
          : checkModuleImport(module, target, reference, house)
      if (problem !== undefined) problems.push(`${path}:${reference.line}: ${problem}`)
      if (target !== undefined) edges.push(target)
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

/** The rooms that a module is in, from its package to the innermost folder that has rules. */
function roomsOf({ owner, place }: Module, directions: Directions): readonly string[] {
  const folders = place.split('/').slice(0, -1)
  const rooms = folders.map((_, index) => [owner, ...folders.slice(0, index + 1)].join('/'))
  return [owner, ...rooms.filter((room) => directions.has(room))]
}

function resolveRelative(from: string, { specifier }: ImportReference): string | undefined {
  if (specifier === undefined || !specifier.startsWith('.')) return undefined
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

function checkPackageImport(
  module: Module,
  { specifier }: ImportReference,
  { directions, manifests }: House,
): string | undefined {
  const { owner } = module
  if (specifier === undefined) return 'imports something that is known only at run time'
  if (specifier.startsWith('node:')) return undefined
  const name = packageName(specifier)
  if (name === `@querylens/${owner}`) return `${owner} imports its own entry point ${specifier}`
  const rooms = roomsOf(module, directions)
  const isAllowed = (room: string): boolean =>
    directions.get(room)?.some((target) => isPackage(name, target)) === true
  if (!rooms.some(isAllowed)) {
    const other = [...directions.keys()].find((room) => room.startsWith(`${owner}/`) && isAllowed(room))
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

/** Whether a direction's target is this npm package; packages of this repository stand there by their folder. */
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
  { sources, directions }: House,
): string | undefined {
  const to = locate(target)
  if (to?.owner !== from.owner) return `${specifier} leads out of the package's src`
  if (!sources.has(target)) return `${specifier} is no module; relative imports name the .js file`
  if (ENTRY_POINTS.includes(posix.basename(target))) return `imports the package's own ${to.place}`
  if (ENTRY_POINTS.includes(from.place)) return undefined
  const fromRoom = roomsOf(from, directions).at(-1)
  const toRoom = roomsOf(to, directions).at(-1)
  if (fromRoom === undefined || toRoom === undefined || fromRoom === toRoom) return undefined
  if (toRoom === from.owner && to.place.includes('/'))
    return `${posix.dirname(to.place)}/ has no place in the house`
  // The files directly in `src` are the ground that every room of the package stands on.
  if (toRoom === to.owner) return undefined
  if (directions.get(fromRoom)?.includes(toRoom) === true) return undefined
  return fromRoom === from.owner
    ? `${from.place} stands below ${toRoom}, so it must not import from there`
    : `${fromRoom} must not import from ${toRoom}`
}
