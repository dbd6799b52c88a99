/** Counts checks and prints each as it ends. */
export interface Checks {
  /**
   * Runs one check. A failure is printed and counted and never rejects: the others go on.
   *
   * @returns what the check found out, or undefined when it failed
   */
  check<T>(name: string, run: () => T | Promise<T>): Promise<T | undefined>
  /** Counts what cannot be checked any more because something before it failed. */
  skip(name: string, because: string): void
  /** Prints the last line. */
  summarize(): { readonly failed: number }
}

/** Writes `ok` or `FAILED`, the name and the time of each check, and below a failure its reason. */
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
