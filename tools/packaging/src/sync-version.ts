import { readFile, writeFile } from 'node:fs/promises'

/** Copies the version of the exporter from its package.json, which changesets updates, into its constant. */
const folder = new URL('../../../packages/exporter/', import.meta.url)
const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as {
  readonly version: string
}
const path = new URL('src/version.ts', folder)
const source = await readFile(path, 'utf8')
await writeFile(path, source.replace(/(PACKAGE_VERSION = ')[^']*/, `$1${version}`))
