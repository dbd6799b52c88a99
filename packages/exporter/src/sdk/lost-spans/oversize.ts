/** gRPC. Throttling has the same code, but wants fewer requests instead of smaller ones. */
const RESOURCE_EXHAUSTED = 8
/** gRPC. The code of tonic, the implementation in Rust. */
const OUT_OF_RANGE = 11
const PAYLOAD_TOO_LARGE = 413
const BAD_REQUEST = 400

/** The texts of grpc-go and grpc-js (both directions, with and without compression), grpc-java, .NET and tonic. */
const SIZE_REFUSED =
  /larger than max|with a size larger than|to a size larger than|message exceeds (?:the )?maximum|message length too large/i

/** The length of a message that grpc-js received itself. */
const CLAIMED_LENGTH = /larger than max \((\d+) vs/

/**
 * The least "length" that is text, four bytes of which none is below a space. A gRPC client that gets a page of HTML
 * reads `html` as the length of a message of 1.7 GB, and smaller batches do not help.
 */
const LEAST_TEXT_AS_LENGTH = 0x20_00_00_00

/** Whether the backend refused a batch for its size, so that it may take the halves. */
export function isOversized(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, message, data } = error as Readonly<Record<string, unknown>>
  switch (code) {
    case PAYLOAD_TOO_LARGE:
      return true
    case BAD_REQUEST:
      // The OpenTelemetry Collector, and Jaeger with it, answers this instead of 413:
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
