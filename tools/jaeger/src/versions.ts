/** The version that runs on a machine without an installed Jaeger. */
export const JAEGER_VERSION = '2.13.0'

/** The Go module of the same release. Its versions continue those of Jaeger v1. */
export const MODULE = 'github.com/jaegertracing/jaeger'
export const MODULE_VERSION = 'v1.76.0'

/** The image of the same release. */
export const IMAGE = `jaegertracing/jaeger:${JAEGER_VERSION}`
