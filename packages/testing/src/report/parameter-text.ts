import { inspect } from 'node:util'

const MAX_VALUES = 8
const MAX_LENGTH = 40
const MAX_SETS = 3

/** The parameters of the executions of one statement: `with [1], [2], [3] and 17 more`. */
export function describeParameters(sets: readonly (readonly unknown[])[]): string {
  const texts = [...new Set(sets.map(describeValues))]
  const more = texts.length - MAX_SETS
  const shown = texts.slice(0, MAX_SETS).join(', ')
  return `with ${shown}${more > 0 ? ` and ${more} more` : ''}`
}

function describeValues(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_VALUES).map(describeParameter)
  const more = values.length - MAX_VALUES
  return `[${[...shown, ...(more > 0 ? [`… ${more} more`] : [])].join(', ')}]`
}

/** One value in a few characters: `'Ann'`, `2026-11-27T00:00:00.000Z`, `3 bytes 0a0b0c`. */
function describeParameter(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    const head = Buffer.from(buffer, byteOffset, Math.min(byteLength, 8)).toString('hex')
    return `${byteLength} bytes ${head}${byteLength > 8 ? '…' : ''}`
  }
  try {
    return cut(
      inspect(value, {
        depth: 2,
        breakLength: Infinity,
        compact: true,
        customInspect: false,
        maxArrayLength: 5,
        maxStringLength: MAX_LENGTH,
      }),
    )
  } catch {
    return 'a value that cannot be shown'
  }
}

function cut(text: string): string {
  return text.length <= MAX_LENGTH * 2 ? text : `${text.slice(0, MAX_LENGTH * 2 - 2)} …`
}
