import { isRecord } from '@querylens/core/internal'

const LINES: unique symbol = Symbol.for('querylens.snapshot') as never

/** Lines that a runner writes into a snapshot without the quotes and escapes of a string. */
export interface SnapshotValue {
  readonly [LINES]: string
}

export function snapshotValue(lines: string): SnapshotValue {
  return { [LINES]: lines }
}

/** The serializer of a {@link SnapshotValue}, for `expect.addSnapshotSerializer` of Vitest and of Jest. */
export const snapshotSerializer: {
  readonly test: (value: unknown) => boolean
  readonly serialize: (value: SnapshotValue) => string
} = {
  test: (value) => isRecord(value) && LINES in value,
  serialize: (value) => value[LINES],
}
