import { Presets, SingleBar } from 'cli-progress'

import type { BuildProgress } from './build-jaeger.ts'

const LINE_EVERY = 500

/** Shows progress on standard error: a bar in a terminal, otherwise a line now and then. */
export function createBuildBar(): BuildProgress {
  if (!process.stderr.isTTY) return createBuildLines()
  const bar = new SingleBar(
    {
      format: '  {bar} {percentage} %  {what}',
      barsize: 50,
      hideCursor: true,
      clearOnComplete: true,
      // The calling program handles Ctrl+C.
      gracefulExit: false,
    },
    Presets.shades_grey,
  )
  // Show the cursor again when a signal ends the process.
  const stop = (): void => bar.stop()
  return {
    start(what) {
      process.once('exit', stop)
      process.stderr.write(`${what} …\n`)
      bar.start(1, 0, { what: 'downloading' })
    },
    step(done, total) {
      if (total === undefined) bar.update({ what: `${done} modules downloaded` })
      else {
        bar.setTotal(total)
        bar.update(done, { what: `${done} of ${total} packages` })
      }
    },
    end() {
      process.off('exit', stop)
      stop()
    },
  }
}

function createBuildLines(): BuildProgress {
  const print = (line: string): void => void process.stderr.write(`${line}\n`)
  return {
    start: (what) => print(`${what} …`),
    step(done, total) {
      if (done % LINE_EVERY === 0) {
        print(
          total === undefined ? `  ${done} modules downloaded` : `  ${done} of ${total} packages compiled`,
        )
      }
    },
    end: () => {},
  }
}
