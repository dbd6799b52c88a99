/** The part of a test of jest-circus that the guard and the matchers need. */
export interface CircusTest {
  readonly type: 'test'
  readonly name: string
  /** `undefined` for `test.todo`. With a parameter, it takes the callback `done`. */
  fn: CircusTestFunction | undefined
  /** Of `test.failing`. */
  readonly failing: boolean
  /** Of `test.concurrent`. */
  readonly concurrent: boolean
  readonly errors: unknown[]
}

export type CircusTestFunction = (this: unknown, ...values: never[]) => unknown

interface CircusBlock {
  readonly type: 'describeBlock'
  readonly children: readonly (CircusTest | CircusBlock)[]
}

export interface CircusState {
  readonly rootDescribeBlock: CircusBlock
  /** Errors that belong to no test. They fail the file. */
  readonly unhandledErrors: unknown[]
}

/** An event of jest-circus that is used here. Jest has others, and waits for each handler. */
export type CircusEvent =
  | { readonly name: 'run_start' | 'run_finish' }
  | { readonly name: 'test_fn_success'; readonly test: CircusTest }
  | { readonly name: 'test_fn_failure'; readonly test: CircusTest; readonly error: unknown }

export type CircusEventHandler = (event: CircusEvent, state: CircusState) => void | Promise<void>

/**
 * The list of jest-circus, to which its `addEventHandler` adds. A test file cannot import the copy of jest-circus that runs it.
 *
 * @returns `undefined` in another runner, before Jest 30, and before the runner has begun
 */
export function circusHandlers(): CircusEventHandler[] | undefined {
  const handlers = (globalThis as { [name: symbol]: CircusEventHandler[] | undefined })[
    Symbol.for('EVENT_HANDLERS')
  ]
  return Array.isArray(handlers) ? handlers : undefined
}
