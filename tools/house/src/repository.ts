import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Repository } from './import-rules.ts'
import { readDirections } from './read-directions.ts'

/** The root folder of the repository. */
export const repositoryRoot: string = join(import.meta.dirname, '..', '..', '..')

/** Finds files by a pattern, as paths below the root with `/`, in a stable order. */
export function findFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: repositoryRoot, exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** The Markdown pages that readers see, changesets left out. */
export function findPages(): string[] {
  return ['*.md', 'bench/*.md', 'docs/*.md', 'packages/*/README.md', 'examples/*/README.md'].flatMap(
    findFiles,
  )
}

/** Reads a text file by its path below the root. */
export function readText(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8')
}

/** Reads a JSON file by its path below the root. The caller names its type. */
export function readJson<T>(path: string): T {
  return JSON.parse(readText(path)) as T
}

/** Reads the sources and manifests of all packages, and the directions in `docs/ARCHITECTURE.md`. */
export function readRepository(): Repository {
  return {
    sources: new Map(findFiles('packages/*/src/**/*.ts').map((path) => [path, readText(path)])),
    directions: readDirections(readText('docs/ARCHITECTURE.md')),
    manifests: new Map(
      findFiles('packages/*/package.json').map((path) => [path.split('/')[1] ?? '', readJson(path)]),
    ),
  }
}
