import type { Attributes } from '@opentelemetry/api'
import type { CallSite } from '@querylens/core'

import { ATTR_CODE_FILE_PATH, ATTR_CODE_FUNCTION_NAME, ATTR_CODE_LINE_NUMBER } from '../attributes.js'

/**
 * Where the application sent a query, for the query's own span.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/
 */
export function codeAttributes({ file, line, function: name }: CallSite): Attributes {
  const attributes: Attributes = { [ATTR_CODE_FILE_PATH]: file, [ATTR_CODE_LINE_NUMBER]: line }
  if (name !== undefined) attributes[ATTR_CODE_FUNCTION_NAME] = name
  return attributes
}
