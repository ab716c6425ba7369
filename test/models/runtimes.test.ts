/** Every model runs unchanged, and alike to the last bit, without Node: among bare web globals, in a browser, in Bun and in Deno; minified or not. */

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import vm from 'node:vm'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programOf } from '../../scripts/lib/extras.mjs'
import { browserPath } from '../browser.js'
import { digests } from './everywhere.js'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The models and the kernel in one script that leaves their digests in `globalThis.digests`. */
async function bundle(minify: boolean): Promise<string> {
  const contents = `
    import { digests } from ${JSON.stringify(at('test/models/everywhere.ts'))}
    globalThis.digests = digests()`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: at('.') },
    bundle: true,
    minify,
    write: false,
    platform: 'browser', // without externals: a single `node:` import fails here
    format: 'iife',
    alias: { mycelia: at('src/index.ts'), 'mycelia/market': at('src/market.ts') },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

const folder = mkdtempSync(join(tmpdir(), 'mycelia-runtimes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a program prints of the digests of a script. */
async function printed(program: string, args: readonly string[], script: string): Promise<unknown> {
  const file = join(folder, 'bundle.js')
  writeFileSync(file, `${script};console.log(JSON.stringify(digests))`)
  const { stdout } = await promisify(execFile)(program, [...args, file])
  return JSON.parse(stdout)
}

describe('the models, bundled into one script', () => {
  let here: Record<string, string> = {}
  let plain = ''
  let minified = ''
  beforeAll(async () => {
    here = digests()
    plain = await bundle(false)
    minified = await bundle(true)
  })

  it('D10: have the same digests in a context that has nothing of Node', () => {
    const context = vm.createContext({ TextEncoder, TextDecoder, URL })
    vm.runInContext(plain, context)
    expect({ ...vm.runInContext('digests', context) }).toEqual(here)
  })

  it('D10: have the same digests in a Web Worker of Chromium, minified', async ctx => {
    if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    const browser = await chromium.launch({ executablePath: browserPath, args })
    try {
      const page = await browser.newPage()
      expect(await page.evaluate(inWorker, `${minified};postMessage(digests)`)).toEqual(here)
    } finally {
      await browser.close()
    }
  })

  it('D10: have the same digests in Bun, whose engine is Safari’s, minified', async ctx => {
    const bun = programOf('bun')
    if (bun === undefined) return ctx.skip('no Bun on this machine')
    expect(await printed(bun, ['run'], minified)).toEqual(here)
  })

  it('D10: have the same digests in Deno', async ctx => {
    const deno = programOf('deno')
    if (deno === undefined) return ctx.skip('no Deno on this machine')
    expect(await printed(deno, ['run', '--no-prompt', '--no-remote'], plain)).toEqual(here)
  })
})

/** Runs in the page. */
function inWorker(script: string): Promise<unknown> {
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })))
  return new Promise((resolve, reject) => {
    worker.onmessage = message => resolve(message.data)
    worker.onerror = error => reject(new Error(error.message))
  })
}
