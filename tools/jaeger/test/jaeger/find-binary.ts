import { findJaeger } from '../../src/find-jaeger.ts'

/** An installed Jaeger or a built one; never a container, which cannot read files of the tests. */
export async function findBinary(): Promise<string> {
  const program = await findJaeger(
    { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:1' },
    { start() {}, step() {}, end() {} },
  )
  if (program.kind === 'binary') return program.path
  throw new Error('Install a Jaeger v2, or Go.')
}
