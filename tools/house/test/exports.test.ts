import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { describe, expect, it } from 'vitest'

import { readExports } from '../src/read-exports.ts'
import { findFiles, readJson, readText, repositoryRoot } from '../src/repository.ts'

interface EntryPoint {
  /** The specifier of its imports. */
  readonly specifier: string
  readonly source: string
  readonly built: string
}

function findEntryPoints(): EntryPoint[] {
  return findFiles('packages/*/package.json').flatMap((path) => {
    const folder = path.slice(0, -'/package.json'.length)
    const manifest = readJson<{ name: string; exports: Record<string, string | { default: string }> }>(path)
    return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      if (typeof target === 'string') return []
      const built = join(folder, target.default).replaceAll('\\', '/')
      return {
        specifier: join(manifest.name, subpath).replaceAll('\\', '/'),
        source: built.replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
        built,
      }
    })
  })
}

const entryPoints = findEntryPoints()

describe('public exports', () => {
  it('match the snapshot', () => {
    const names = Object.fromEntries(
      entryPoints.map(({ specifier, source }) => [specifier, readExports(source, readText(source))]),
    )
    expect(names).toMatchInlineSnapshot(`
      {
        "@querylens/core": {
          "types": [
            "Allowance",
            "AnalyzeOptions",
            "CallSite",
            "ConnectionUse",
            "CountLimit",
            "DatabaseInfo",
            "DetectOptions",
            "Diagnostics",
            "DurationLimit",
            "ExecutionChannel",
            "ExecutionHandlers",
            "Fault",
            "Finding",
            "FindingEvidence",
            "FindingKind",
            "FindingMode",
            "FindingSeverity",
            "FindingSource",
            "MessageChannel",
            "QueryExecution",
            "QueryExecutionKind",
            "QueryOutcome",
            "QueryShape",
            "QuerylensChannels",
            "QuerylensErrorCode",
            "ResultLimit",
            "Scope",
            "ScopeKind",
            "ScopeOpening",
            "ScopeOptions",
            "ScopeSummary",
            "ShapeCacheStatistics",
            "SpanReference",
            "SqlDialect",
            "StampedeLimit",
            "StatementKind",
            "TransactionExecution",
            "TransactionOutcome",
            "UnusedAllowance",
          ],
          "values": [
            "FindingError",
            "QuerylensError",
            "analyzeQuery",
            "channels",
            "currentScope",
            "diagnostics",
            "runInScope",
            "scopeHttpRequests",
            "setRoute",
            "withoutFindings",
            "writeBaseline",
          ],
        },
        "@querylens/core/internal": {
          "types": [
            "Capture",
            "CaptureObserver",
            "CapturedStatement",
            "DormantListener",
            "InstrumentedDatabase",
            "KindDefinition",
            "OpenCapture",
            "OptionRule",
            "UnrecordedStatements",
          ],
          "values": [
            "KNOWN_DIALECTS",
            "acceptsFinding",
            "addDormantListener",
            "callSiteOfError",
            "captureOf",
            "checkAllowance",
            "checkOptions",
            "clock",
            "countUnrecordedStatements",
            "describeLines",
            "describePlace",
            "describeValue",
            "describeWork",
            "extendBaseline",
            "findRoute",
            "findingKinds",
            "formatMillis",
            "hasMethod",
            "headlineOf",
            "incompatibleCopies",
            "instrumentedDatabases",
            "isAllowed",
            "isMergeNames",
            "isRecord",
            "isTable",
            "linesOfStack",
            "nameByMethodAnd",
            "normalizeSystem",
            "openCapture",
            "openCaptureHere",
            "optionRules",
            "processState",
            "refreshFinding",
            "registerDatabase",
            "replaceFile",
            "reportFault",
            "resolveAllowances",
            "toEpochMillis",
            "wordingOf",
          ],
        },
        "@querylens/core/recorder": {
          "types": [
            "Activate",
            "MergeNames",
            "NameInCode",
            "OpenUse",
            "RecordedDatabase",
            "ResolvedDetectOptions",
            "RowCounts",
            "Session",
            "ShapeCache",
            "Statement",
            "StatementReading",
            "TracedOperation",
            "TransactionCommand",
            "TransactionOptions",
          ],
          "values": [
            "activateIn",
            "createSession",
            "isRecordingConnections",
            "isRecordingQueries",
            "isRecordingTransactions",
            "noteCall",
            "recordAcquisition",
            "recordBegin",
            "recordCommand",
            "recordQuery",
            "recordRelease",
            "recordRolledBack",
            "recordStream",
            "setSpanContext",
            "shapeCacheOf",
            "useDetectOptions",
          ],
        },
        "@querylens/exporter": {
          "types": [
            "LoggerProviderLike",
            "QuerylensInstrumentationOptions",
            "ResolvedInstrumentationOptions",
          ],
          "values": [
            "QuerylensInstrumentation",
          ],
        },
        "@querylens/exporter/sdk": {
          "types": [
            "ReportLostSpansOptions",
            "ReportingSpanExporter",
            "SpanCounts",
            "SpanProcessor",
            "Telemetry",
            "TelemetryOptions",
          ],
          "values": [
            "querylensSpanProcessor",
            "reportLostSpans",
            "startTelemetry",
          ],
        },
        "@querylens/kysely-plugin": {
          "types": [
            "AnyConfig",
            "AnyDialect",
            "ConnectionInfo",
            "QuerylensOptions",
          ],
          "values": [
            "instrumentDialect",
            "querylens",
          ],
        },
        "@querylens/testing": {
          "types": [
            "AcceptedFindings",
            "AssertBudgetOptions",
            "BudgetOptions",
            "CaptureOptions",
            "CapturedQueries",
            "CapturedQuery",
            "CountByKind",
            "CountRange",
            "ExpectedQueries",
            "FailedConnections",
            "NoFindingsOptions",
            "OutsideQueries",
            "QueryCount",
            "ScalingOptions",
            "TestContextLike",
            "UndetectedKinds",
          ],
          "values": [
            "QueryAssertionError",
            "assertNoDuplicateQueries",
            "assertNoFindings",
            "assertNoNPlusOne",
            "assertNotQueried",
            "assertQueried",
            "assertQueryCount",
            "assertScalesConstantly",
            "assertWithinBudget",
            "captureQueries",
            "mergeBudgets",
            "querySnapshotOf",
            "skipQueryGuard",
          ],
        },
        "@querylens/testing/jest": {
          "types": [
            "QueryMatchers",
          ],
          "values": [],
        },
        "@querylens/testing/jest/guard": {
          "types": [
            "QueryGuardOptions",
          ],
          "values": [
            "guardQueries",
            "skipQueryGuard",
          ],
        },
        "@querylens/testing/node": {
          "types": [
            "QueryAssertions",
          ],
          "values": [],
        },
        "@querylens/testing/node/guard": {
          "types": [
            "QueryGuardOptions",
          ],
          "values": [
            "guardQueries",
            "skipQueryGuard",
          ],
        },
        "@querylens/testing/vitest": {
          "types": [
            "QueryMatchers",
          ],
          "values": [],
        },
        "@querylens/testing/vitest/guard": {
          "types": [
            "QueryGuardOptions",
          ],
          "values": [
            "guardQueries",
            "skipQueryGuard",
          ],
        },
      }
    `)
  })

  // `@jest/globals` exists in Jest only, and a guard switches itself on in its own runner.
  const loadable = entryPoints.filter(
    ({ source, specifier }) =>
      !readText(source).includes("from '@jest/globals'") && !specifier.endsWith('/guard'),
  )

  it.each(loadable)('of $specifier are the same in the build', async ({ source, built }) => {
    const module = (await import(pathToFileURL(join(repositoryRoot, built)).href)) as object
    expect(Object.keys(module).sort()).toEqual(readExports(source, readText(source)).values)
  })
})

describe('readExports', () => {
  it('distinguishes types from values', () => {
    const source = `export type { A } from './a.js'\nexport { b, type C } from './b.js'\nexport interface D {}\nexport const e = 1`
    expect(readExports('index.ts', source)).toEqual({ values: ['b', 'e'], types: ['A', 'C', 'D'] })
  })

  it('rejects export *', () => {
    expect(() => readExports('index.ts', `export * from './a.js'`)).toThrow('export * is not allowed')
  })
})
