/** gRPC: also the code of throttling, which asks for less instead of smaller. */
const RESOURCE_EXHAUSTED = 8
/** gRPC: what tonic, the implementation in Rust, answers instead. */
const OUT_OF_RANGE = 11
const PAYLOAD_TOO_LARGE = 413
const BAD_REQUEST = 400

/** The texts of grpc-go and grpc-js (both directions, with and without compression), grpc-java, .NET and tonic. */
const SIZE_REFUSED =
  /larger than max|with a size larger than|to a size larger than|message exceeds (?:the )?maximum|message length too large/i

/** How grpc-js tells of a message that it received itself: its length, and the limit. */
const CLAIMED_LENGTH = /larger than max \((\d+) vs/

/**
 * What a "length" begins at that is text: four bytes, none of them below a space. A gRPC client that is answered
 * with a page of HTML takes `html` for the length of a message of 1.7 GB; nothing gets smaller by splitting.
 */
const LEAST_TEXT_AS_LENGTH = 0x20_00_00_00

/** Whether a batch was refused for its size, so that its halves may be taken. */
export function isOversized(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, message, data } = error as Readonly<Record<string, unknown>>
  switch (code) {
    case PAYLOAD_TOO_LARGE:
      return true
    case BAD_REQUEST:
      // What the OpenTelemetry Collector, and Jaeger with it, answers in place of 413:
      // https://github.com/open-telemetry/opentelemetry-collector/issues/11066
      return typeof data === 'string' && data.includes('request body too large')
    case RESOURCE_EXHAUSTED:
    case OUT_OF_RANGE: {
      const text = String(message)
      return SIZE_REFUSED.test(text) && Number(CLAIMED_LENGTH.exec(text)?.[1] ?? 0) < LEAST_TEXT_AS_LENGTH
    }
    default:
      return false
  }
}
