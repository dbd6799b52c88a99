import { isOversized } from './oversize.js'

const MAX_LENGTH = 200
/** Of a longer message the rest is not even looked at. */
const MAX_LENGTH_READ = 2_000

/** With whom and where, but neither by which credentials nor by which path, where some backends have their key. */
const URL_IN_TEXT = /\b([a-z][a-z\d+.-]*:\/\/)(?:[^\s/]*@)?([^\s/?#"')\]]*)[^\s"')\]]*/gi
/** grpc-js adds when it happened, so that no two messages are the same, and a note that is mostly empty. */
const GRPC_NOTES = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)|\. Resolution note: ?$/g
/** grpc-js quotes a header that it cannot send. */
const QUOTED = /".*"|".*$/g
const CONTROL = /\p{Cc}+/gu

/** Of the SDK's HTTP exporter, which keeps to itself what it was answered. */
const RETRYABLE = 'Export failed with retryable status'

/** A text with nothing of URLs but with whom and where. */
export function withoutSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, '$1$2')
}

/**
 * What went wrong, in one line that may be printed: an error's message without what may be a secret in it, and
 * never the body of an answer. Never throws.
 */
export function describeLoss(error: unknown): string {
  try {
    const { message, code, name, errors } = fieldsOf(error)
    // Node tries each address of a name, and leaves the message of all that failed empty.
    if (!message && Array.isArray(errors) && errors.length > 0) return describeLoss(errors[0])
    if (message === RETRYABLE) return 'HTTP 429, 502, 503 or 504, and no better when asked again'
    // Node's parser of HTTP.
    if (typeof code === 'string' && code.startsWith('HPE_')) {
      return 'the answer is not HTTP; if this is a port for gRPC, OTEL_EXPORTER_OTLP_PROTOCOL has to say so'
    }
    if (code === 'ERR_INVALID_PROTOCOL') return 'an endpoint over HTTP begins with http:// or https://'
    const text = String(message || (typeof error === 'string' ? error : ''))
      .slice(0, MAX_LENGTH_READ)
      .replace(CONTROL, ' ')
      .replace(QUOTED, '"…"')
    const safe = withoutSecrets(text).trim().replace(GRPC_NOTES, '').slice(0, MAX_LENGTH)
    if (isHttpStatus(code)) {
      const status = safe === '' ? `HTTP ${code}` : `HTTP ${code} ${safe}`
      return isOversized(error) && !/too large/i.test(safe) ? `${status} (too large)` : status
    }
    return safe || (typeof code === 'string' && code) || (typeof name === 'string' && name) || 'unknown error'
  } catch {
    return 'unknown error'
  }
}

function fieldsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? (error as Readonly<Record<string, unknown>>) : {}
}

/** Codes of gRPC are below 20, and stand in the message. */
function isHttpStatus(code: unknown): code is number {
  return typeof code === 'number' && code >= 100 && code <= 599
}
