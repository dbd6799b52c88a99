/** The part of a test of jest-circus that the guard needs. */
export interface CircusTest {
  readonly type: 'test'
  readonly name: string
  /** `undefined` for `test.todo`. With a parameter, it takes the callback `done`. */
  fn: CircusTestFunction | undefined
  /** Of `test.failing`. */
  readonly failing: boolean
  readonly errors: unknown[]
}

export type CircusTestFunction = (this: unknown, ...values: never[]) => unknown

interface CircusBlock {
  readonly type: 'describeBlock'
  readonly children: readonly (CircusTest | CircusBlock)[]
}

export interface CircusState {
  readonly rootDescribeBlock: CircusBlock
}

/** An event of jest-circus that the guard uses. Jest has others, and waits for each handler. */
export type CircusEvent =
  | { readonly name: 'run_start' | 'run_finish' }
  | { readonly name: 'test_fn_failure'; readonly test: CircusTest; readonly error: unknown }

export type CircusEventHandler = (event: CircusEvent, state: CircusState) => void | Promise<void>
