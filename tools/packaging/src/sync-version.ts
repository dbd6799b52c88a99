import { readFile, writeFile } from 'node:fs/promises'

/** Writes the exporter's version, which changesets keep in its package.json, into the constant it reports itself by. */
const folder = new URL('../../../packages/exporter/', import.meta.url)
const { version } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8')) as {
  readonly version: string
}
const path = new URL('src/version.ts', folder)
const source = await readFile(path, 'utf8')
await writeFile(path, source.replace(/(PACKAGE_VERSION = ')[^']*/, `$1${version}`))
