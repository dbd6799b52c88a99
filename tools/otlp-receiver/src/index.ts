/**
 * An OTLP/HTTP receiver for tests and the demo. It keeps the received signals in a form that is easy to query.
 *
 * @packageDocumentation
 */
export type { AttributeValue, Attributes } from './attributes.ts'
export { type Behaviour } from './behaviour.ts'
export type { ReceivedLog } from './logs.ts'
export type { ReceivedDataPoint, ReceivedMetric } from './metrics.ts'
export {
  startOtlpReceiver,
  type OtlpReceiver,
  type OtlpReceiverOptions,
  type ReceivedRequest,
} from './receiver.ts'
export type { Origin } from './resource.ts'
export {
  decodeSpans,
  type JsonTraces,
  type ReceivedEvent,
  type ReceivedLink,
  type ReceivedSpan,
  type SpanKindName,
  type SpanStatusName,
} from './spans.ts'
