/** What the search page looks for. */
export interface PageSearch {
  readonly service: string
  readonly operation?: string | undefined
  /** All of them on one span; booleans and numbers as text. */
  readonly tags?: Readonly<Record<string, string>> | undefined
  /** Such as `500ms`; of the whole trace. */
  readonly minDuration?: string | undefined
  /** @default `1h` */
  readonly lookback?: string | undefined
}

/** Jaeger's page of one trace. */
export function traceUrl(page: string, traceId: string): string {
  return `${page}/trace/${traceId}`
}

/** Jaeger's search page with its form filled in and its results shown. */
export function searchUrl(
  page: string,
  { service, operation, tags, minDuration, lookback }: PageSearch,
): string {
  const url = new URL('/search', page)
  url.searchParams.set('service', service)
  if (operation !== undefined) url.searchParams.set('operation', operation)
  if (tags !== undefined) url.searchParams.set('tags', JSON.stringify(tags))
  if (minDuration !== undefined) url.searchParams.set('minDuration', minDuration)
  url.searchParams.set('lookback', lookback ?? '1h')
  url.searchParams.set('limit', '20')
  return url.href
}
