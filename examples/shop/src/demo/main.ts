import { runDemo } from './run-demo.ts'
import { readOptions, USAGE } from './options.ts'

const stack = new AsyncDisposableStack()
const interrupted = new Promise<number>((resolve) => {
  process.once('SIGINT', () => resolve(130))
  process.once('SIGTERM', () => resolve(143))
})
const demo = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help)
    process.stdout.write(
      `Runs a shop on PostgreSQL with traffic, and shows what Querylens records. ${USAGE}\n`,
    )
  else await runDemo(options, stack)
  return 0
}
const exitCode = await Promise.race([interrupted, demo()]).catch((error: unknown) => {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  return 1
})
// A second Ctrl+C ends this process at once, and the operating system cleans up.
for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal)
await stack.disposeAsync().catch((error: unknown) => {
  process.stderr.write(`The demo could not stop everything: ${String(error)}\n`)
})
process.exit(exitCode)
