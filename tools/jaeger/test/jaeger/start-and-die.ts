import { findFreePorts, startJaeger } from '../../src/index.ts'

const { url } = await startJaeger({ ports: await findFreePorts() })
process.stdout.write(url, () => process.kill(process.pid, 'SIGKILL'))
