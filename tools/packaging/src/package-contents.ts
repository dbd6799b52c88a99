import { runOrThrow } from './run-command.ts'

/** The part of a published package.json that is checked. */
interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const REQUIRED = ['package.json', 'LICENSE', 'README.md']

/**
 * Checks the files of a tarball: each source file with the four files that the compiler emits for it, and the three files
 * of {@link REQUIRED}. Any other file is an error, such as a test or a leftover of a deleted file.
 *
 * @throws Error that names each unexpected and each missing file
 */
export async function checkContents(tarball: string, folder: string): Promise<void> {
  const listing = await runOrThrow('tar', ['-tzf', tarball], { cwd: folder })
  const files = listing
    .split('\n')
    .map((line) => line.trim().replace(/^package\//, ''))
    .filter((file) => file !== '' && !file.endsWith('/'))
  const manifest = JSON.parse(
    await runOrThrow('tar', ['-xzOf', tarball, 'package/package.json'], { cwd: folder }),
  ) as Manifest
  const problems = [...findStrayFiles(files), ...findManifestProblems(manifest, files)]
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

/** Compares the files of a tarball with the expected ones. */
export function findStrayFiles(files: readonly string[]): string[] {
  const isTest = /(?:^|[./])(?:test|tests|spec|bench)[./]/
  const expected = new Set(REQUIRED)
  for (const file of files) {
    const module = /^src\/(.+)\.ts$/.exec(file)?.[1]
    if (module === undefined || isTest.test(file)) continue
    expected.add(file)
    for (const extension of ['.js', '.js.map', '.d.ts', '.d.ts.map'])
      expected.add(`dist/${module}${extension}`)
  }
  const present = new Set(files)
  return [
    ...files.filter((file) => !expected.has(file)).map((file) => `does not belong in the package: ${file}`),
    ...[...expected].filter((file) => !present.has(file)).map((file) => `missing from the package: ${file}`),
  ]
}

/** Checks that users can install the manifest, and that its entry points exist. */
export function findManifestProblems(manifest: Manifest, files: readonly string[]): string[] {
  const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
  const targets = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  return [
    ...ranges
      .filter(([, range]) => /^(?:workspace|link|file|catalog):/.test(range))
      .map(
        ([name, range]) => `package.json: ${name} has the range ${range}, which only this workspace knows`,
      ),
    ...(targets.length === 0 ? ['package.json: no exports'] : []),
    ...targets
      .filter((target) => !files.includes(target.replace(/^\.\//, '')))
      .map((target) => `package.json: exports ${target}, which is not in the package`),
  ]
}
