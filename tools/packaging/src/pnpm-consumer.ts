import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { COMMON } from './consumer.ts'
import { runOrThrow } from './run-command.ts'

const TESTS = `import { expect } from '@jest/globals'
import { captureQueries } from '@querylens/testing'
import '@querylens/testing/jest'

expect(await captureQueries(() => {})).toHaveQueryCount({ max: 1 })
`

/**
 * Compiles a test of Jest in an application that pnpm has installed. pnpm links to a package what that package names, so that
 * the types of the matchers find `expect` only as a peer dependency.
 *
 * @param tarballs file names by package name
 */
export async function checkPnpmTypes(folder: string, tarballs: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true })
  const ours = ['@querylens/core', '@querylens/testing'].map((name) => [name, `file:${tarballs.get(name)}`])
  const { typescript, '@types/node': types, '@jest/globals': globals } = COMMON
  const manifest = {
    name: 'pnpm-consumer',
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(ours),
      typescript,
      '@types/node': types,
      '@jest/globals': globals,
    },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  // The registry has no version of core for the dependency of the other package.
  const workspace = { packages: [], hoist: false, overrides: Object.fromEntries(ours) }
  await writeFile(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(workspace))
  await cp(join(import.meta.dirname, '..', 'consumer', 'tsconfig.json'), join(folder, 'tsconfig.json'))
  await mkdir(join(folder, 'src'))
  await writeFile(join(folder, 'src', 'jest.test.ts'), TESTS)
  await runOrThrow('pnpm', ['install', '--prefer-offline', '--ignore-scripts'], { cwd: folder })
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  await runOrThrow(process.execPath, [compiler, '-p', 'tsconfig.json', '--noEmit', '--pretty', 'false'], {
    cwd: folder,
  })
}
