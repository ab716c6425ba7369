/** The ⬡ rooms need nothing of Node: bundled for a browser and run among bare web globals, a model decides the same. */

import { fileURLToPath } from 'node:url'
import vm from 'node:vm'
import { build } from 'esbuild'
import { resume, simulate } from 'mycelia'
import { expect, it } from 'vitest'
import wealth from '../../scenarios/wealth.js'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

async function bundle(): Promise<{ code: string; inputs: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `import { resume, simulate } from 'mycelia'
        import wealth from ${JSON.stringify(at('scenarios/wealth.ts'))}
        globalThis.mycelia = { resume, simulate, wealth }`,
      resolveDir: at('.'),
    },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'iife',
    alias: { mycelia: at('src/index.ts') },
    logLevel: 'silent',
  })
  return { code: outputFiles[0]?.text ?? '', inputs: Object.values(metafile.inputs).flatMap(i => i.imports.map(to => to.path)) }
}

it('kernel and wealth, bundled for a browser, import nothing of Node and give the same digest without its globals', async () => {
  const { code, inputs } = await bundle()
  expect(code.length).toBeGreaterThan(50_000)
  expect(inputs.filter(path => path.startsWith('node:'))).toEqual([])
  // What every browser and worker has, of what a bare context lacks. No timers, no performance, no crypto, no process.
  const context = vm.createContext({ TextEncoder, TextDecoder, URL })
  vm.runInContext(code, context)
  const there = vm.runInContext(
    `(() => {
      if (typeof process !== 'undefined' || typeof Buffer !== 'undefined' || typeof require !== 'undefined') throw new Error('Node is here')
      const first = mycelia.simulate(mycelia.wealth, { seed: 42, params: { people: 30 } })
      first.run({ steps: 700 })
      const second = mycelia.resume(mycelia.wealth, first.save())
      second.run({ steps: 500 })
      return { digest: second.digest, gini: second.table('model').column('gini').join(), checkpoint: [...second.save()].join() }
    })()`,
    context,
  )
  const first = simulate(wealth, { seed: 42, params: { people: 30 } })
  first.run({ steps: 700 })
  const second = resume(wealth, first.save())
  second.run({ steps: 500 })
  expect(there.digest).toBe(second.digest)
  expect(there.gini).toBe(second.table('model').column('gini').join())
  expect(there.checkpoint).toBe([...second.save()].join())
})
