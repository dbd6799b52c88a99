import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'

import type { CodeBlock } from './code-blocks.ts'
import { repositoryRoot } from './repository.ts'

const run = promisify(execFile)
const cache = join(import.meta.dirname, '..', '.cache')

/**
 * Compiles each block as a separate module, with the packages of this workspace installed.
 *
 * @returns the errors of the compiler with the lines of the pages
 */
export async function checkCodeBlocks(blocks: readonly CodeBlock[]): Promise<string[]> {
  if (blocks.length === 0) return []
  await mkdir(cache, { recursive: true })
  // The folder is in this package, so that the compiler finds its dependencies.
  const folder = await mkdtemp(join(cache, 'blocks-'))
  try {
    const base = relative(folder, join(repositoryRoot, 'tsconfig.base.json')).replaceAll('\\', '/')
    const config = { extends: base, compilerOptions: { noEmit: true }, include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    await Promise.all(
      blocks.map(({ context, code }, index) =>
        writeFile(join(folder, `block-${index}.ts`), `${context}\n${code}\nexport {}\n`),
      ),
    )
    return (await compile(folder)).map((message) => atPage(message, blocks))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compile(folder: string): Promise<string[]> {
  const compiler = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc')
  try {
    await run(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: folder })
    return []
  } catch (error) {
    const { stdout, message } = error as { readonly stdout?: string; readonly message: string }
    const lines = (stdout ?? '').split('\n').filter((line) => line.trim() !== '')
    return lines.length > 0 ? lines : [message]
  }
}

function atPage(message: string, blocks: readonly CodeBlock[]): string {
  return message.replace(/^block-(\d+)\.ts\((\d+),\d+\)/, (place, index: string, line: string) => {
    const block = blocks[Number(index)]
    if (block === undefined) return place
    const lineInCode = Number(line) - block.context.split('\n').length
    return lineInCode < 1
      ? `${block.path}:${block.line} (its context)`
      : `${block.path}:${block.line + lineInCode - 1}`
  })
}
