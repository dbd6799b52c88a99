import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/**
 * Finds a file of a test suite without the working directory, which is another one where a suite runs from the root of a
 * repository: the nearest one that exists, in the folder of the test file and in those above it.
 *
 * @param testFile a path or a URL; `undefined` where the runner does not say
 * @returns a path from the working directory; the name itself where no such file exists, and where it is in the working
 *   directory
 */
export function nearestFile(name: string, testFile: string | undefined): string {
  if (testFile === undefined) return name
  let folder = dirname(testFile.startsWith('file:') ? fileURLToPath(testFile) : testFile)
  for (;;) {
    const path = join(folder, name)
    if (existsSync(path)) return relative(process.cwd(), path)
    const above = dirname(folder)
    if (above === folder) return name
    folder = above
  }
}
