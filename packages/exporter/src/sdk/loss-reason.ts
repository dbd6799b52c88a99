import { isOversized } from './oversize.js'

const MAX_LENGTH = 200
/** Of a longer message the rest is not even looked at. */
const MAX_LENGTH_READ = 2_000

const URL_IN_TEXT = /\b[a-z][a-z\d+.-]*:\/\/\S*/gi
const BEHIND_URL = /["').,;:]*$/
/** grpc-js adds when it happened, so that no two messages are the same, and a note that is mostly empty. */
const GRPC_NOTES = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)|\. Resolution note: ?$/g
/** grpc-js quotes a header that it cannot send, backends quote attributes that they do not take. Apostrophes are none. */
const QUOTED = /".*"|".*$|(?<!\w)[bru]?'(?:.*'(?!\w)|.*$)/g
const GRPC_TO_HTTP = /\bProtocol error$/
const PATHS =
  'The SDK adds /v1/traces to OTEL_EXPORTER_OTLP_ENDPOINT, and nothing to the variable of a signal'
const CONTROL = /\p{Cc}+/gu

/** Of the SDK's HTTP exporter, which keeps to itself what it was answered. */
const RETRYABLE = 'Export failed with retryable status'

/** A text with nothing of URLs but with whom and where. */
export function withoutSecrets(text: string): string {
  let safe = ''
  let read = 0
  for (const { index, 0: found } of text.matchAll(URL_IN_TEXT)) {
    const [behind = ''] = BEHIND_URL.exec(found) ?? []
    const origin = originOf(found.slice(0, found.length - behind.length))
    safe += text.slice(read, index)
    // Where it ends, and what of the rest belongs to it, cannot be told.
    if (origin === undefined) return `${safe}…`
    safe += origin + behind
    read = index + found.length
  }
  return safe + text.slice(read)
}

/**
 * Scheme, host and port of a URL, but neither credentials nor a path, where some backends have their key; `undefined`
 * where it is none: then which part of it is a secret cannot be told.
 */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return host === '' ? undefined : `${protocol}//${host}`
}

/**
 * What went wrong, in one line that may be printed: an error's message without what may be a secret in it, URLs and
 * all that is quoted. Never throws.
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
    if (code === 'EPROTO') return 'the answer is not TLS; a backend without it has an endpoint with http://'
    const text = String(message || (typeof error === 'string' ? error : ''))
      .slice(0, MAX_LENGTH_READ)
      .replace(CONTROL, ' ')
    const safe = withoutSecrets(text)
      .replace(QUOTED, (quoted) => (quoted.startsWith('"') ? '"…"' : "'…'"))
      .trim()
      .replace(GRPC_NOTES, '')
      .slice(0, MAX_LENGTH)
    if (GRPC_TO_HTTP.test(safe)) {
      return `${safe}; if this is a port for HTTP, OTEL_EXPORTER_OTLP_PROTOCOL has to say so`
    }
    if (code === 404) return `HTTP 404 ${safe}; is the path of the endpoint right? ${PATHS}`
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
