/** The page's script and the charts' style sheet, bundled to be inlined: uPlot and our client in one script. */

import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

export interface ClientBundle {
  readonly script: string
  readonly style: string
}

let made: ClientBundle | { readonly missing: string } | undefined

/** Bundled once a process. Where that fails, `missing` says why, and the report shows that sentence in the place of charts. */
export function clientBundle(): ClientBundle | { readonly missing: string } {
  made ??= attempt()
  return made
}

function attempt(): ClientBundle | { readonly missing: string } {
  try {
    const path = createRequire(import.meta.url).resolve('uplot/dist/uPlot.min.css')
    return { script: bundled(), style: readFileSync(path, 'utf8') }
  } catch (error) {
    return { missing: error instanceof Error ? (error.message.split('\n')[0] ?? 'unknown') : String(error) }
  }
}

function bundled(): string {
  const { outputFiles } = buildSync({
    entryPoints: [clientFile()],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** As it was built, or, in a run straight from the sources, as it was written. */
function clientFile(): string {
  const built = fileURLToPath(new URL('./client/main.js', import.meta.url))
  return existsSync(built) ? built : built.replace(/\.js$/, '.ts')
}
