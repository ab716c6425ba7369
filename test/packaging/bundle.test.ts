/** What an application that uses a part of Mycelia has to load: bundled and minified as a browser would get it. */
import { join } from 'node:path'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { expect, it } from 'vitest'
import wealth from '../../scenarios/wealth.js'
import { resume, simulate } from '../../src/model/index.js'
import { root } from './npm.js'

/** gzipped kB of the kernel with one model. A size, unlike a speed, is the same on every machine. */
const MOST_KB = 66

it(`the kernel and a model weigh at most ${MOST_KB} kB for a browser`, async () => {
  const { code, metafile } = await bundled(
    "import { simulate } from 'mycelia'\nconsole.log(simulate(wealth).run({ steps: 100 }))",
  )
  const kB = gzipSync(code).length / 1_000
  expect(kB, `${kB.toFixed(1)} kB gzipped; before that:\n${contents(metafile)}`).toBeLessThanOrEqual(MOST_KB)
  expect(sources(metafile)).not.toContainEqual(expect.stringMatching(/src\/(market|trading|discovery|agents)\//))
})

it('graphs are loaded where random graphs are used, and nowhere else', async () => {
  const uses = async (names: string) =>
    sources((await bundled(`import { ${names} } from 'mycelia'\nconsole.log(${names})`)).metafile)
  const graphology = expect.stringMatching(/node_modules\/graphology/)
  expect(await uses('simulate, Network, SquareGrid, HexGrid, Plane, Layer, z')).not.toContainEqual(graphology)
  expect(await uses('randomGraph')).toContainEqual(graphology)
})

it('a bundle without what is unused saves and resumes, and ends in the digest of Node', async () => {
  const { code } = await bundled(`
    import { resume, simulate } from 'mycelia'
    const first = simulate(wealth, { seed: 4 })
    first.run({ steps: 30 })
    const second = resume(wealth, first.save())
    second.run({ steps: 30 })
    globalThis.digest = second.digest`)
  expect(runAlone(code)).toBe(uninterrupted())
})

it.each(['flocking', 'forest-fire', 'schelling', 'virus-on-network'])('so does %s, with the space it keeps', async model => {
  const { code } = await bundled(`
    import { resume, simulate } from 'mycelia'
    import model from ${JSON.stringify(join(root, `scenarios/models/${model}.ts`))}
    const whole = simulate(model, { seed: 2 })
    whole.run({ steps: 6 })
    const first = simulate(model, { seed: 2 })
    first.run({ steps: 3 })
    const second = resume(model, first.save())
    second.run({ steps: 3 })
    globalThis.digest = second.digest === whole.digest ? 'the same' : 'another'`)
  expect(runAlone(code)).toBe('the same')
})

function uninterrupted(): string {
  const sim = simulate(wealth, { seed: 4 })
  sim.run({ steps: 30 })
  const rest = resume(wealth, sim.save())
  rest.run({ steps: 30 })
  return rest.digest
}

async function bundled(program: string): Promise<{ code: string; metafile: Metafile }> {
  const uses = /\bwealth\b/.test(program) ? `import wealth from ${JSON.stringify(join(root, 'scenarios/wealth.ts'))}\n` : ''
  const { outputFiles, metafile } = await build({
    stdin: { contents: uses + program, loader: 'ts', resolveDir: root },
    bundle: true,
    minify: true,
    keepNames: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    alias: { mycelia: join(root, 'src/index.ts') },
    logLevel: 'silent',
  })
  return { code: outputFiles[0]?.text ?? '', metafile }
}

/** The files of which something is left in the bundle. */
function sources({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter(path => (inputs[path]?.bytesInOutput ?? 0) > 0),
  )
}

/** What is in the bundle, the heaviest first: packages and rooms with their bytes before compression. */
function contents({ outputs }: Metafile): string {
  const bytes = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs))) {
    const part = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split('/').slice(0, 2).join('/')
    bytes.set(part, (bytes.get(part) ?? 0) + bytesInOutput)
  }
  const sorted = [...bytes].sort(([, a], [, b]) => b - a)
  return sorted.map(([part, n]) => `${String(n).padStart(8)}  ${part}`).join('\n')
}

/** Runs a bundle where there is nothing but the language, and gives what it left in `digest`. */
function runAlone(code: string): unknown {
  const world = vm.createContext({ TextEncoder, TextDecoder })
  vm.runInContext(code, world)
  return (world as { digest?: unknown }).digest
}
