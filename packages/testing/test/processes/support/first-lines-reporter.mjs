/** Prints each test of `node:test` and the first lines of its errors, and then the errors as a whole. */
export default async function* firstLines(source) {
  const errors = []
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' && data.message.startsWith('The query guard')) {
      yield `  ${data.message.split('\n')[0]}\n`
      errors.push(data.message)
    }
    if ((type !== 'test:pass' && type !== 'test:fail') || data.details.type === 'suite') continue
    yield `${type === 'test:pass' ? '✓' : '✗'} ${data.name}\n`
    const { cause } = data.details.error ?? {}
    if (cause === undefined) continue
    yield `  ${String(cause?.stack ?? cause).split('\n')[0]}\n`
    errors.push(cause?.stack ?? cause)
  }
  yield `\n${errors.join('\n\n')}\n`
}
