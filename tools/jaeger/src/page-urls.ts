/** What the search page looks for. */
export interface PageSearch {
  readonly service: string
  readonly operation?: string | undefined
  /** All of them on one span; booleans and numbers as text. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** Jaeger's page of one trace. */
export function traceUrl(page: string, traceId: string): string {
  return `${page}/trace/${traceId}`
}

/** Jaeger's search page with its form filled in, and what it found in the last hour. */
export function searchUrl(page: string, { service, operation, tags }: PageSearch): string {
  const url = new URL(`${page}/search`)
  url.searchParams.set('service', service)
  if (operation !== undefined) url.searchParams.set('operation', operation)
  if (tags !== undefined) url.searchParams.set('tags', JSON.stringify(tags))
  url.searchParams.set('lookback', '1h')
  url.searchParams.set('limit', '20')
  return url.href
}
