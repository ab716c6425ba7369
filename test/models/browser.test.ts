/** Every model runs unchanged without Node: among bare web globals, and in a Web Worker of a real browser. */

import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { build } from 'esbuild'
import { type Scenario, simulate } from 'mycelia'
import { chromium } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { browserPath } from '../browser.js'
import { mathHash, mathSample } from '../core/math-hash.js'
import { models } from './kit.js'
import noisy from './noisy.js'

const steps = 40
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** The standard models, and one that draws from distributions which need logarithms and cosines. */
const all = [...models, { name: 'noisy', scenario: noisy as unknown as Scenario, params: {} }]

/** The models and the kernel in one script that leaves their digests, and the hash of mathematics, in `globalThis.digests`. */
async function bundle(): Promise<string> {
  const contents = `
    import { simulate } from 'mycelia'
    import { hashOfMath } from ${JSON.stringify(at('test/core/math-sample.ts'))}
    import { models } from ${JSON.stringify(at('test/models/kit.ts'))}
    import noisy from ${JSON.stringify(at('test/models/noisy.ts'))}
    const all = [...models, { name: 'noisy', scenario: noisy, params: {} }]
    globalThis.digests = Object.fromEntries(all.map(({ name, scenario, params }) => {
      const sim = simulate(scenario, { seed: 11, params })
      sim.run({ steps: ${steps} })
      return [name, sim.digest]
    }))
    globalThis.digests.math = hashOfMath(${mathSample})`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: at('.') },
    bundle: true,
    write: false,
    platform: 'browser', // without externals: a single `node:` import fails here
    format: 'iife',
    alias: { mycelia: at('src/index.ts'), 'mycelia/market': at('src/market.ts') },
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

const here = {
  ...Object.fromEntries(
    all.map(({ name, scenario, params }) => {
      const sim = simulate(scenario, { seed: 11, params })
      sim.run({ steps })
      return [name, sim.digest]
    }),
  ),
  math: mathHash,
}

describe('the models, bundled for a browser', () => {
  let code = ''
  beforeAll(async () => {
    code = await bundle()
  })

  it('have the same digests in a context that has nothing of Node', () => {
    const context = vm.createContext({ TextEncoder, TextDecoder, URL })
    vm.runInContext(code, context)
    expect({ ...vm.runInContext('digests', context) }).toEqual(here)
  })

  it('have the same digests in a Web Worker of Chromium', async ctx => {
    if (browserPath === undefined) return ctx.skip('no Chromium on this machine')
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    const browser = await chromium.launch({ executablePath: browserPath, args })
    try {
      const page = await browser.newPage()
      const there = await page.evaluate(inWorker, `${code};postMessage(digests)`)
      expect(there).toEqual(here)
    } finally {
      await browser.close()
    }
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
