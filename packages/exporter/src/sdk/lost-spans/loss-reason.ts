import { isOversized } from './oversize.js'

const MAX_LENGTH = 200
/** The rest of a longer message is not read. */
const MAX_LENGTH_READ = 2_000

const URL_IN_TEXT = /\b[a-z][a-z\d+.-]*:\/\/\S*/gi
const BEHIND_URL = /["').,;:]*$/
/** grpc-js adds the time, which makes every message different, and a note that is mostly empty. */
const GRPC_NOTES = / \(\d{4}-\d\d-\d\dT[\d:.]+Z\)|\. Resolution note: ?$/g
/** grpc-js quotes headers that it cannot send, and backends quote attributes that they refuse. Apostrophes do not match. */
const QUOTED = /".*"|".*$|(?<!\w)[bru]?'(?:.*'(?!\w)|.*$)/g
const GRPC_TO_HTTP = /\bProtocol error$/
const PATHS =
  'check the path of the endpoint: the SDK adds /v1/traces to OTEL_EXPORTER_OTLP_ENDPOINT, but nothing to ' +
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
const CONTROL = /\p{Cc}+/gu

/** The message of the SDK's HTTP exporter, which leaves out the status. */
const RETRYABLE = 'Export failed with retryable status'

/** Shortens every URL in a text to its scheme, host and port. */
export function withoutSecrets(text: string): string {
  let safe = ''
  let read = 0
  for (const { index, 0: found } of text.matchAll(URL_IN_TEXT)) {
    const [behind = ''] = BEHIND_URL.exec(found) ?? []
    const origin = originOf(found.slice(0, found.length - behind.length))
    safe += text.slice(read, index)
    // Nothing shows where this URL ends: leave out the rest.
    if (origin === undefined) return `${safe}…`
    safe += origin + behind
    read = index + found.length
  }
  return safe + text.slice(read)
}

/**
 * Scheme, host and port of a URL. It leaves out credentials, and the path, where some backends have their key.
 *
 * @returns `undefined` for a text that is no URL: any part of it may be a secret
 */
export function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return host === '' ? undefined : `${protocol}//${host}`
}

/**
 * Describes why spans were lost, in one line that may be printed. It leaves out the parts of an error's message that may
 * hold secrets: the paths of URLs, and quoted text. Never throws.
 */
export function describeLoss(error: unknown): string {
  try {
    const { message, code, name, errors } = fieldsOf(error)
    // Node tries each address of a name. If all fail, the message of the AggregateError is empty.
    if (!message && Array.isArray(errors) && errors.length > 0) return describeLoss(errors[0])
    if (message === RETRYABLE) return 'HTTP 429, 502, 503 or 504, also when retried'
    // From Node's HTTP parser.
    if (typeof code === 'string' && code.startsWith('HPE_')) {
      return 'the answer is not HTTP; for a gRPC port set OTEL_EXPORTER_OTLP_PROTOCOL=grpc'
    }
    if (code === 'ERR_INVALID_PROTOCOL') return 'the endpoint must begin with http:// or https://'
    if (code === 'EPROTO') return 'the answer is not TLS; for a backend without TLS use an http:// endpoint'
    const text = String(message || (typeof error === 'string' ? error : ''))
      .slice(0, MAX_LENGTH_READ)
      .replace(CONTROL, ' ')
    const safe = withoutSecrets(text)
      .replace(QUOTED, (quoted) => (quoted.startsWith('"') ? '"…"' : "'…'"))
      .trim()
      .replace(GRPC_NOTES, '')
      .slice(0, MAX_LENGTH)
    if (GRPC_TO_HTTP.test(safe)) {
      return `${safe}; for an HTTP port set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`
    }
    if (code === 404) return `HTTP 404 ${safe}; ${PATHS}`
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

/** Codes of gRPC are below 20, and its messages contain them. */
function isHttpStatus(code: unknown): code is number {
  return typeof code === 'number' && code >= 100 && code <= 599
}
