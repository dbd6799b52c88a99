/** Callers that wait for signals. */
export interface Waiting {
  /** Checks the predicate of each caller. */
  check(): void
  until<T>(
    predicate: () => T | undefined | false,
    limit: { readonly timeoutMillis: number; readonly arrived: () => string },
  ): Promise<T>
}

/** Creates a list of waiting callers. Their predicates run when a request has arrived, without polling. */
export function createWaiting(): Waiting {
  const checks = new Set<() => void>()
  return {
    check() {
      for (const check of checks) check()
    },
    until: <T>(
      predicate: () => T | undefined | false,
      { timeoutMillis, arrived }: { readonly timeoutMillis: number; readonly arrived: () => string },
    ) =>
      new Promise<T>((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer)
          checks.delete(check)
          act()
        }
        const check = (): void => {
          try {
            const value = predicate()
            if (value !== undefined && value !== false) settle(() => resolve(value))
          } catch (error) {
            settle(() => reject(error instanceof Error ? error : new Error(String(error))))
          }
        }
        const timer = setTimeout(
          () =>
            settle(() =>
              reject(
                new Error(
                  `The expected signals did not arrive within ${timeoutMillis} ms. Received: ${arrived()}.`,
                ),
              ),
            ),
          timeoutMillis,
        )
        checks.add(check)
        check()
      }),
  }
}
