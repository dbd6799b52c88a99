import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { RUN_TYPESCRIPT } from '@querylens/tool-nodes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { parseBudgets } from '../../src/budgets/budget-text.js'

const WRITER = join(import.meta.dirname, 'fixtures', 'write-budgets.ts')

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'querylens-budgets-'))
  file = join(folder, 'querylens.budgets.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

function startWriter(worker: string, count: number) {
  return spawn(process.execPath, [...RUN_TYPESCRIPT, WRITER, file, worker, String(count)], {
    env: { ...process.env, QUERYLENS_BUDGETS: 'write' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

async function write(worker: string, count: number): Promise<string> {
  const writer = startWriter(worker, count)
  const errors = writer.stderr.toArray()
  await once(writer, 'exit')
  return (await errors).join('')
}

const names = (): readonly string[] => [...parseBudgets(readFileSync(file, 'utf8'), file).keys()]

describe('processes that write budgets at the same time', { timeout: 180_000 }, () => {
  it('lose nothing, and leave nothing behind', async () => {
    const workers = Array.from({ length: 8 }, (_, index) => `worker ${index}`)
    const errors = await Promise.all(workers.map((worker) => write(worker, 60)))
    expect(errors).toEqual(workers.map(() => `querylens: wrote the budgets of 60 tests to ${file}.\n`))
    const expected = workers.flatMap((worker) =>
      Array.from({ length: 60 }, (_, index) => `${worker} ${index}`),
    )
    expect(names()).toEqual(expected.toSorted())
    expect(readdirSync(folder)).toEqual(['querylens.budgets.json'])
  })

  it('go on where one of them was killed', async () => {
    const victim = startWriter('victim', 1_000_000)
    while (!readdirSync(folder).includes('querylens.budgets.json')) {
      await setTimeout(5)
    }
    const others = Promise.all([write('a', 50), write('b', 50)])
    victim.kill('SIGKILL')
    await once(victim, 'exit')
    await others
    expect(names().filter((name) => !name.startsWith('victim'))).toHaveLength(100)
  })

  it('take over the lock of a process that has ended', async () => {
    const ended = spawn(process.execPath, ['-e', ''])
    await once(ended, 'exit')
    writeFileSync(`${file}.lock`, `00000000-0000-0000-0000-000000000000 ${ended.pid} ${hostname()}`)
    await Promise.all(['a', 'b', 'c', 'd'].map((worker) => write(worker, 20)))
    expect(names()).toHaveLength(80)
    expect(readdirSync(folder)).toEqual(['querylens.budgets.json'])
  })

  it('leave a lock to the process that is taking it over', async () => {
    const ended = spawn(process.execPath, ['-e', ''])
    await once(ended, 'exit')
    const holder = `00000000-0000-0000-0000-000000000000 ${ended.pid} ${hostname()}`
    writeFileSync(`${file}.lock`, holder)
    writeFileSync(`${file}.lock.00000000-0000-0000-0000-000000000000`, '')
    const written = write('a', 1)
    await Promise.race([written, setTimeout(2_000)])
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(holder)
    rmSync(`${file}.lock`)
    rmSync(`${file}.lock.00000000-0000-0000-0000-000000000000`)
    await written
    expect(names()).toEqual(['a 0'])
  })

  it('take over a lock whose process cannot be asked for, and that does not change', async () => {
    writeFileSync(`${file}.lock`, `00000000-0000-0000-0000-000000000000 1 another-machine`)
    await write('a', 1)
    expect(names()).toEqual(['a 0'])
  })
})
