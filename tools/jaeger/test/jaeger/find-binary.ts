import { findJaeger } from '../../src/find-jaeger.ts'

/** That of this machine, or one that is built: never a container, which knows nothing of our files. */
export async function findBinary(): Promise<string> {
  const program = await findJaeger(
    { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:1' },
    { start() {}, step() {}, end() {} },
  )
  if (program.kind === 'binary') return program.path
  throw new Error('Install a Jaeger v2, or Go.')
}
