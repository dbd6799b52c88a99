/** The criteria of the search page. */
export interface PageSearch {
  readonly service: string
  readonly operation?: string | undefined
  /** Attributes that one span has to have; booleans and numbers as text. */
  readonly tags?: Readonly<Record<string, string>> | undefined
}

/** The URL of one trace in Jaeger's page. */
export function traceUrl(page: string, traceId: string): string {
  return `${page}/trace/${traceId}`
}

/** The URL of Jaeger's search page with these criteria and the results of the last hour. */
export function searchUrl(page: string, { service, operation, tags }: PageSearch): string {
  const url = new URL(`${page}/search`)
  url.searchParams.set('service', service)
  if (operation !== undefined) url.searchParams.set('operation', operation)
  if (tags !== undefined) url.searchParams.set('tags', JSON.stringify(tags))
  url.searchParams.set('lookback', '1h')
  url.searchParams.set('limit', '20')
  return url.href
}
