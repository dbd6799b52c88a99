/**
 * Code that the packages of Querylens share. It changes without notice, so nothing else may import it.
 *
 * @packageDocumentation
 */
export { clock, toEpochMillis } from './clock.js'
export { KINDS as findingKinds, type KindDefinition } from './findings/kinds.js'
export { accepts as acceptsFinding, checkAllowance, isTable } from './findings/policy/allowance.js'
export { extendBaseline } from './findings/policy/allowance-file.js'
export { isAllowed, resolveAllowances } from './findings/policy/allowances.js'
export { refreshFinding } from './findings/report/finding-ledger.js'
export { describeLines, describePlace, formatMillis, headlineOf } from './findings/report/finding-message.js'
export { addDormantListener, type DormantListener } from './messages/dormant-listeners.js'
export { reportFault } from './messages/faults.js'
export { countUnrecordedStatements, type UnrecordedStatements } from './messages/unrecorded-statements.js'
export {
  checkOptions,
  describeValue,
  describeWork,
  hasMethod,
  isRecord,
  optionRules,
  type OptionRule,
} from './options.js'
export { incompatibleCopies, processState } from './process-state.js'
export { instrumentedDatabases, registerDatabase, type InstrumentedDatabase } from './record/databases.js'
export { replaceFile } from './replace-file.js'
export { nameByMethodAnd } from './scope/http-scope.js'
export type { Capture, CapturedStatement, CaptureObserver } from './scope/capture.js'
export { captureOf, openCaptureHere } from './scope/captures.js'
export { openCapture, type OpenCapture } from './scope/open-capture.js'
export { findRoute } from './scope/scope.js'
export { linesOfStack } from './stack/call-path.js'
export { callSiteOfError } from './stack/error-site.js'
export { isMergeNames } from './sql/shape/name-merging.js'
export { wordingOf } from './sql/wording/statement-wording.js'
export { KNOWN_DIALECTS, normalizeSystem } from './sql/tokens/dialect.js'
