/** The message of the error with which an assertion fails; the times and the lines of test files are left out. */
export async function failureOf(assertion: () => unknown): Promise<string> {
  return readable(((await errorOf(assertion)) as Error).message)
}

export async function errorOf(assertion: () => unknown): Promise<unknown> {
  try {
    await assertion()
  } catch (error) {
    return error
  }
  throw new Error('The assertion has passed.')
}

function readable(message: string): string {
  return message
    .replaceAll(/(?:under 1 ms|\d+ ms|[\d.]+ s) in the database/g, '… ms in the database')
    .replaceAll(/(\.test\.ts):\d+/g, '$1:…')
    .replaceAll('packages/testing/test/', '')
}
