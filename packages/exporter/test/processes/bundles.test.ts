import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build, type Format } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'

const fixture = fileURLToPath(new URL('fixtures/bundled-telemetry.ts', import.meta.url))

describe.each<[Format, prelude: string]>([
  ['cjs', ''],
  // The SDK is CommonJS, which an ES module has no `require` for.
  ['esm', "import module from 'node:module'\nconst require = module.createRequire(import.meta.url)"],
])('a bundle in the format %s', (format, prelude) => {
  it('starts telemetry, and instruments the modules of Node', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'querylens-bundle-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const bundle = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs')
    await build({
      entryPoints: [fixture],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      // A CommonJS bundle of the gRPC exporter in later versions ends with an error of its own.
      absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
      alias: { '@opentelemetry/sdk-node': 'sdk-node-2' },
      format,
      logLevel: 'silent',
      banner: { js: prelude },
    })
    const env = {
      ...process.env,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    }
    expect(execFileSync(process.execPath, [bundle], { env, encoding: 'utf8' })).toBe('patched\n')
  })
})
