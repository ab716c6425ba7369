/** TypeScript of the tests as a program another Node process can run. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildSync } from 'esbuild'
import { onTestFinished } from 'vitest'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A file that Node runs, beside the packages it needs; gone again with the test. */
export function programFile(source: string): string {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'mycelia-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'program.cjs')
  writeFileSync(file, programOf(source))
  return file
}

/** One CommonJS text without the packages. */
function programOf(file: string): string {
  const built = buildSync({
    entryPoints: [join(root, file)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    alias: { mycelia: join(root, 'src/index.ts'), 'mycelia/market': join(root, 'src/market.ts') },
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'src/world/x.js')).href) },
    logLevel: 'error',
  })
  return built.outputFiles[0]?.text ?? ''
}
