/** Counts checks and prints each as it ends. */
export interface Checks {
  /**
   * Runs one check. It prints and counts a failure and never rejects, so that the other checks run.
   *
   * @returns the result of the check; undefined after a failure
   */
  check<T>(name: string, run: () => T | Promise<T>): Promise<T | undefined>
  /** Counts checks that cannot run after an earlier failure. */
  skip(name: string, because: string): void
  /** Prints the summary. */
  summarize(): { readonly failed: number }
}

/** Creates checks that write `ok` or `FAILED`, name and time, and the reason of a failure. */
export function createChecks(write: (line: string) => void = (line) => console.log(line)): Checks {
  let passed = 0
  let failed = 0
  const fail = (title: string, reason: string): void => {
    failed++
    write(`FAILED  ${title}\n${reason.trim().replace(/^/gm, '        ')}`)
  }
  return {
    async check(name, run) {
      const startedAt = performance.now()
      const title = (): string => `${name} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`
      try {
        const value = await run()
        passed++
        write(`ok      ${title()}`)
        return value
      } catch (error) {
        fail(title(), error instanceof Error ? error.message : String(error))
        return undefined
      }
    },
    skip: (name, because) => fail(name, `not checked: ${because}`),
    summarize() {
      write(`packaging: ${passed} checks passed${failed > 0 ? `, ${failed} failed` : ''}`)
      return { failed }
    },
  }
}
