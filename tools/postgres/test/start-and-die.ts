import { startPostgres } from '../src/index.ts'

const { connectionString } = await startPostgres()
process.stdout.write(connectionString, () => process.kill(process.pid, 'SIGKILL'))
