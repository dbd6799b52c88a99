/** The instrumentation scope of all telemetry: name and version of this package. A test compares the version. */
export const PACKAGE_NAME = '@querylens/exporter'
export const PACKAGE_VERSION = '0.0.0'

/** The version of the semantic conventions that spans, metrics and log events follow. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0'
