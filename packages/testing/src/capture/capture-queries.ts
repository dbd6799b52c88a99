import { isGeneratorObject } from 'node:util/types'

import { QuerylensError } from '@querylens/core'
import {
  checkOptions,
  clock,
  describeWork,
  hasMethod,
  openCapture,
  optionRules,
  type OptionRule,
} from '@querylens/core/internal'

import { CaptureRecorder } from '../recording/capture-recorder.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { noteHidden } from '../recording/hidden-kinds.js'
import { noteJudged } from '../recording/judged-findings.js'
import { QueryAssertionError, siteOf } from '../report/query-assertion-error.js'
import { describeRefusal } from '../report/refusal.js'
import type { CaptureOptions, ResolvedCaptureOptions } from './capture-options.js'

/**
 * Runs a function and captures the queries of the Kysely instances that `querylens()` has instrumented: those that the
 * function sends, those of requests that it sends to a server in this process, and those of everything that they start.
 *
 * It needs neither an SDK nor an exporter nor a mode. It resolves once the function has settled and its queries have ended.
 *
 * @param work may return a promise or another thenable, such as a request of supertest, which starts in the capture
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `work` is no function, or returns a generator; for an unknown option
 *   or a value that an option does not take
 * @throws QueryAssertionError if Querylens refused a query: by a finding in the mode `throw`, or beyond `max`. An error of
 *   `work` is its cause
 * @throws the error of `work` otherwise
 *
 * @example
 * const queries = await captureQueries(() => request(app).get('/books'))
 * assertQueryCount(queries, { max: 2 })
 */
export async function captureQueries<Result>(
  work: () => Result,
  options?: CaptureOptions,
): Promise<CapturedQueries<Awaited<Result>>> {
  return capture(work, options, siteOf(captureQueries))
}

/** {@link captureQueries} for an assertion, whose failure has the stack of `site`. */
export async function capture<Result>(
  work: () => Result,
  options: CaptureOptions | undefined,
  site: Error,
): Promise<CapturedQueries<Awaited<Result>>> {
  if (typeof work !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `captureQueries(work) takes a function, such as () => listBooks(db), but got ${describeWork(work)}.`,
    )
  }
  const { name, detect, max, process, parameters, settleMillis } = resolve(options)
  const recorder = new CaptureRecorder({
    keepsParameters: parameters,
    admit: (query, count) => {
      if (count > max) throw limitError(query, max)
    },
    startedLate: warnOfLateQuery,
  })
  const open = openCapture(name, 'captureQueries()', recorder, {
    detect,
    process,
    site,
  })
  recorder.open(open.capture)
  let outcome: { readonly result: Awaited<Result> } | { readonly error: unknown }
  try {
    const settled = open.run(async () => await work())
    outcome = { result: await Promise.race([settled, failAfterRefusal(recorder, settleMillis)]) }
  } catch (error) {
    outcome = { error }
  }
  const isIdle = await open.settle(settleMillis)
  const openRequests = open.openRequests()
  open.end('error' in outcome ? outcome : undefined)
  recorder.close()
  noteHidden(detect, recorder.queries)
  const failure = 'error' in outcome ? outcome : undefined
  if (recorder.refusal !== undefined) {
    noteJudged(recorder.findings)
    throw refusalError(recorder.refusal.error, new RecordedQueries(recorder, name, undefined), failure, site)
  }
  if ('error' in outcome) throw outcome.error
  const { result } = outcome
  refuseUnrun(result)
  if (!isIdle && settleMillis > 0) warnOfOpenWork(settleMillis, openRequests)
  return new RecordedQueries(recorder, name, result)
}

/** What the recorder has recorded, read-only. */
export class RecordedQueries<Result> implements CapturedQueries<Result> {
  readonly result: Result
  readonly name: string
  readonly #recorder: CaptureRecorder

  constructor(recorder: CaptureRecorder, name: string, result: Result) {
    this.#recorder = recorder
    this.name = name
    this.result = result
  }

  get queries(): CapturedQueries['queries'] {
    return this.#recorder.queries
  }

  get count(): number {
    return this.#recorder.queries.length
  }

  get findings(): CapturedQueries['findings'] {
    return this.#recorder.findings
  }

  get late(): CapturedQueries['late'] {
    return this.#recorder.late
  }

  get durationMillis(): number {
    return this.queries.reduce((sum, { durationMillis = 0 }) => sum + durationMillis, 0)
  }

  get outside(): CapturedQueries['outside'] {
    return this.#recorder.outside
  }

  get unrecorded(): CapturedQueries['unrecorded'] {
    return this.#recorder.unrecorded
  }

  get failedConnections(): CapturedQueries['failedConnections'] {
    return this.#recorder.failedConnections
  }

  get undetected(): CapturedQueries['undetected'] {
    return this.#recorder.undetected
  }

  [Symbol.iterator](): Iterator<CapturedQuery> {
    return this.queries[Symbol.iterator]()
  }
}

/** What has sent no query yet, although the test means to capture its queries. */
function refuseUnrun(result: unknown): void {
  if (isGeneratorObject(result)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      'captureQueries(work) got a generator from the function, whose queries run when it is read. Read it in the function: async () => { for await (const row of rows()) … }.',
    )
  }
  if (isKyselyQuery(result)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      'captureQueries(work) got a query from the function that was not executed. Execute it in the function: () => query.execute().',
    )
  }
}

/** Every query builder of Kysely, and its raw `sql`, has these methods. */
function isKyselyQuery(value: unknown): boolean {
  return ['execute', 'compile', 'toOperationNode'].every((name) => hasMethod(value, name))
}

const COUNT_RULE: OptionRule = {
  takes: 'a whole number from 0',
  accepts: (value) => Number.isInteger(value) && (value as number) >= 0,
}

function resolve(options: CaptureOptions | undefined): ResolvedCaptureOptions {
  checkOptions<CaptureOptions>('captureQueries()', options, {
    detect: optionRules.settings,
    max: COUNT_RULE,
    process: optionRules.boolean,
    parameters: optionRules.boolean,
    settleMillis: COUNT_RULE,
    name: optionRules.text,
  })
  return {
    detect: options?.detect,
    max: options?.max ?? Infinity,
    process: options?.process ?? false,
    parameters: options?.parameters ?? false,
    settleMillis: options?.settleMillis ?? 1_000,
    name: options?.name ?? 'captureQueries',
  }
}

function limitError({ summary }: CapturedQuery, max: number): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_QUERY_LIMIT',
    `captureQueries() allows at most ${max} ${max === 1 ? 'query' : 'queries'} (option max), and refused the next one: ${summary}.`,
  )
}

function refusalError(
  refusal: unknown,
  queries: CapturedQueries,
  failure: { readonly error: unknown } | undefined,
  site: Error,
): QueryAssertionError {
  return new QueryAssertionError(describeRefusal(refusal, queries, failure), site, {
    actual: 'a refused query',
    expected: 'no refused query',
    cause: failure === undefined || failure.error === refusal ? undefined : failure.error,
  })
}

/**
 * Rejects if the function has not ended some time after the first refusal. It may wait for a server that has got the error and
 * answers nothing, until the test runs out of time and the refusal is lost.
 */
async function failAfterRefusal(recorder: CaptureRecorder, millis: number): Promise<never> {
  await recorder.whenRefused
  await new Promise<void>((resolve) => void clock.setTimeout(resolve, millis).unref())
  throw new Error(
    `it had not ended ${millis} ms after the refusal. A server has to answer a request whose handler fails.`,
  )
}

function warnOfOpenWork(settleMillis: number, requests: readonly string[]): void {
  const what = requests.length === 0 ? 'a query or a transaction' : [...new Set(requests)].join(', ')
  console.warn(
    `querylens: captureQueries() waited ${settleMillis} ms for what has not ended: ${what}. Await it in the function that is captured, or set settleMillis.`,
  )
}

function warnOfLateQuery({ summary, path }: CapturedQuery): void {
  const [place] = path
  const where = place === undefined ? '' : ` at ${place.file}:${place.line}`
  console.warn(
    `querylens: a query started after captureQueries() had ended: ${summary}${where}. Await it in the function that is captured. This warning appears once for each capture.`,
  )
}
