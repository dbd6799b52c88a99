/** What is started where the machine has no Jaeger of its own. */
export const JAEGER_VERSION = '2.13.0'

/** The same as a Go module, whose versions went on counting from 1. */
export const MODULE = 'github.com/jaegertracing/jaeger'
export const MODULE_VERSION = 'v1.76.0'

/** The same as a container. */
export const IMAGE = `jaegertracing/jaeger:${JAEGER_VERSION}`
