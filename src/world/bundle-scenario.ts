/** Bundles a user's scenario file and the files it imports into one module. `mycelia` resolves to this package, other packages stay with Node. */

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildFailure, Plugin } from 'esbuild'
import { OperatorError } from '../core/index.js'
import { packageRoot } from './package-info.js'
import { type ScenarioWarning, warningsIn } from './scan-bundle.js'
import { placesOf, rememberBundle, shown } from './source-places.js'

/** A scenario's code and what identifies it. */
export interface LoadedModule {
  readonly exports: Record<string, unknown>
  /** SHA-256 of the bundled code: another one on resume means that the file has been changed. */
  readonly sha256: string
  /** What makes it another run each time or on another engine. */
  readonly warnings: readonly ScenarioWarning[]
}

/** The entry points: the name a scenario imports, and the file that is built. */
const publicEntries: Readonly<Record<string, string>> = {
  mycelia: 'index.js',
  'mycelia/market': 'market.js',
  'mycelia/node': 'node.js',
  'mycelia/spaces': 'spaces.js',
}

/** Bundles and imports a TypeScript or JavaScript file. A file that does not compile or fails while loading is an `OperatorError`. */
export async function importFile(path: string): Promise<LoadedModule> {
  const code = await bundle(path)
  const sha256 = createHash('sha256').update(code).digest('hex')
  try {
    return { exports: await importCode(code), sha256, warnings: warningsIn(code) }
  } catch (error) {
    throw loadError(error, path)
  }
}

/** One module's code with its source map inside. */
export async function bundle(path: string): Promise<string> {
  const { build } = await import('esbuild')
  try {
    const { outputFiles } = await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      outdir: dirname(path),
      sourcemap: 'inline',
      sourceRoot: `${fileUrl(dirname(path))}/`,
      sourcesContent: false,
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(path).href) },
      plugins: [leavePackages],
      logLevel: 'silent',
    })
    return outputFiles[0]?.text ?? ''
  } catch (error) {
    throw compileError(error, path)
  }
}

/** Packages are not bundled: they are found from the scenario's folder and imported from where they are. */
const leavePackages: Plugin = {
  name: 'leave-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === leavePackages || path.startsWith('node:')) return undefined
      const entry = publicEntries[path]
      if (entry !== undefined) return { path: fileUrl(join(packageRoot, 'dist', 'src', entry)), external: true }
      const found = await build.resolve(path, { kind, resolveDir, pluginData: leavePackages })
      if (found.errors.length > 0 || found.external) return found
      return { path: fileUrl(found.path), external: true }
    })
  },
}

function fileUrl(path: string): string {
  return pathToFileURL(path).href
}

/** Imports the code from a temporary file, so that stacks name short paths that map back to the source. */
export async function importCode(code: string): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-'))
  try {
    const file = join(folder, 'scenario.mjs')
    writeFileSync(file, code)
    rememberBundle(file, code)
    return await import(pathToFileURL(file).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function loadError(error: unknown, path: string): OperatorError {
  if (error instanceof OperatorError) return error
  const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const place = placesOf(error)[0]?.place
  const what = `${place === undefined ? '' : `${place}: `}scenario ${shown(path)} failed while it was being loaded (${got.split('\n')[0]})`
  return new OperatorError({ what, next: 'Mend the file.' }, { cause: error })
}

function compileError(error: unknown, path: string): unknown {
  const first = (error as Partial<BuildFailure>).errors?.[0]
  if (first === undefined) return error
  const { location, text } = first
  const at = location === null ? shown(path) : `${shown(location.file)}:${location.line}:${location.column + 1}`
  return new OperatorError({ what: `${at}: ${text.replace(/\.$/, '')}` }, { cause: error })
}
