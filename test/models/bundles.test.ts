/** A run is the same however its code was bundled: minified by Vite for production, and with class fields compiled either way. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build as esbuild } from 'esbuild'
import { simulate } from 'mycelia'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Outcome, outcomeOf, savedAt, scenarios } from './bundled.js'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const golden = JSON.parse(readFileSync(at('test/golden.json'), 'utf8')) as Record<string, string>
/** The longer name first: Vite takes the first alias that a specifier begins with. */
const alias = { 'mycelia/market': at('src/market.ts'), mycelia: at('src/index.ts') }
const folder = mkdtempSync(join(tmpdir(), 'mycelia-bundles-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What a bundle tells of itself. */
interface Told {
  readonly outcomes: Record<string, Outcome>
  /** The digest of a run that was saved in this process and resumed there. */
  readonly continued: string
  /** JavaScript names of classes, and fields of an agent right after its birth. */
  readonly className: string
  readonly fields: string[]
}

const entry = join(folder, 'entry.ts')
const program = `
  import { resume, simulate } from 'mycelia'
  import { outcomeOf, resumedFrom, scenarios } from ${JSON.stringify(at('test/models/bundled.ts'))}
  const saved = Uint8Array.from(atob(process.argv[2]), letter => letter.charCodeAt(0))
  const goat = simulate(scenarios['late-fields']).model.goats.at(0)
  console.log(JSON.stringify({
    outcomes: Object.fromEntries(Object.entries(scenarios).map(([name, scenario]) => [name, outcomeOf(scenario)])),
    continued: resumedFrom(resume(scenarios['late-fields'], saved)),
    className: goat.constructor.name,
    fields: Object.keys(goat),
  }))`

/** Vite's production build with its defaults: minified, class names included. */
async function byVite(): Promise<string> {
  vi.stubEnv('NODE_ENV', 'production')
  await vite({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias },
    build: {
      outDir: 'vite',
      modulePreload: false,
      rollupOptions: { input: entry, output: { entryFileNames: 'bundle.mjs' } },
    },
  })
  vi.unstubAllEnvs()
  return join(folder, 'vite', 'bundle.mjs')
}

async function byEsbuild(useDefineForClassFields: boolean): Promise<string> {
  const outfile = join(folder, `define-${useDefineForClassFields}.mjs`)
  await esbuild({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields } },
    alias,
    nodePaths: [at('node_modules')],
    logLevel: 'silent',
  })
  return outfile
}

/** A checkpoint of this process, which runs the sources as they are. */
function savedHere(): string {
  const sim = simulate(scenarios['late-fields'], { seed: 1, collect: false })
  sim.run({ steps: savedAt })
  return Buffer.from(sim.save()).toString('base64')
}

function run(bundle: string): Told {
  return JSON.parse(execFileSync(process.execPath, [bundle, savedHere()], { encoding: 'utf8' })) as Told
}

const here: Record<string, Outcome> = Object.fromEntries(
  Object.entries(scenarios).map(([name, scenario]) => [name, outcomeOf(scenario)]),
)

describe.each([
  ['minified by Vite for production', byVite, false],
  ['minified by esbuild, with useDefineForClassFields', () => byEsbuild(true), true],
  ['minified by esbuild, without useDefineForClassFields', () => byEsbuild(false), false],
])('a bundle %s', (_, bundle, defines) => {
  let told: Told
  beforeAll(async () => {
    writeFileSync(entry, program)
    told = run(await bundle())
  })

  it('has lost the names of classes, and has the class fields of its compiler', () => {
    expect(told.className).not.toBe('Goat')
    expect(told.fields.includes('note')).toBe(defines)
  })

  it('ends in the golden digests', () => {
    for (const [name, { digest }] of Object.entries(told.outcomes)) expect([name, digest]).toEqual([name, golden[name] ?? digest])
  })

  it('ends as the sources do, resumes to the same, and collects as many rows of every type', () => {
    expect(told.outcomes).toEqual(here)
    for (const { digest, resumed } of Object.values(told.outcomes)) expect(resumed).toBe(digest)
    expect(told.outcomes.wealth?.rows['agents:Person']).toBeGreaterThan(0)
    expect(told.outcomes.trifecta?.rows['agents:PatternLearner']).toBeGreaterThan(0)
  })

  it('continues what was saved by the sources', () => {
    expect(told.continued).toBe(here['late-fields']?.digest)
  })
})
