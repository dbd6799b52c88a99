/** Those who wait for something to arrive. */
export interface Waiting {
  /** Asks each of them whether it has what it wants. */
  ask(): void
  until<T>(
    predicate: () => T | undefined | false,
    limit: { readonly timeoutMillis: number; readonly arrived: () => string },
  ): Promise<T>
}

/** Nobody polls: who waits is asked when something has arrived. */
export function createWaiting(): Waiting {
  const questions = new Set<() => void>()
  return {
    ask() {
      for (const question of questions) question()
    },
    until: <T>(
      predicate: () => T | undefined | false,
      { timeoutMillis, arrived }: { readonly timeoutMillis: number; readonly arrived: () => string },
    ) =>
      new Promise<T>((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer)
          questions.delete(question)
          act()
        }
        const question = (): void => {
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
                new Error(`Not all that was waited for came within ${timeoutMillis} ms. Came: ${arrived()}.`),
              ),
            ),
          timeoutMillis,
        )
        questions.add(question)
        question()
      }),
  }
}
