import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const bin = resolve('bin/mycelia')
const work = mkdtempSync(join(tmpdir(), 'surroundings-'))
let runs = 0

interface Surroundings {
  env?: Record<string, string>
  cwd?: string
  node?: string[]
}

/** Digest and outputs of one run in the given surroundings. */
function run({ env = {}, cwd = process.cwd(), node = [] }: Surroundings): string {
  const out = join(work, `run-${runs++}`)
  const args = [...node, bin, 'run', 'trifecta', '--seed', '11', '--steps', '400', '--json', '--quiet', '--out', out]
  const done = spawnSync(process.execPath, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' })
  expect(done.stderr).toBe('')
  const { digest, outputs } = JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '')
  return JSON.stringify({ digest, outputs })
}

describe('D7: the digest does not depend on the surroundings', () => {
  let usual = ''
  beforeAll(() => {
    usual = run({})
  }, 120_000)
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  it.each([
    ['time zone', { env: { TZ: 'Asia/Kathmandu' } }],
    ['language', { env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' } }],
    ['host name', { env: { HOSTNAME: 'elsewhere' } }],
    ['heap size', { node: ['--max-old-space-size=512'] }],
    ['optimising compiler', { node: ['--no-opt'] }],
  ] as [string, Surroundings][])(
    '%s',
    (_name, surroundings) => {
      expect(run(surroundings)).toBe(usual)
    },
    240_000,
  )

  it('working directory, with spaces and Unicode', () => {
    const cwd = join(work, 'où – 東京')
    mkdirSync(cwd)
    expect(run({ cwd })).toBe(usual)
  }, 120_000)

  it('a busy machine', () => {
    const busy = [0, 1, 2].map(() => spawn(process.execPath, ['-e', 'for(;;){}'], { stdio: 'ignore' }))
    try {
      expect(run({})).toBe(usual)
    } finally {
      for (const child of busy) child.kill('SIGKILL')
    }
  }, 240_000)

  it('order in which modules are loaded', () => {
    const digest = (imports: string[]) => {
      const code = `${imports.map(i => `await import(${JSON.stringify(i)})`).join(';')};
        const { simulate } = await import(${JSON.stringify(resolve('dist/src/index.js'))});
        const { default: s } = await import(${JSON.stringify(resolve('dist/scenarios/trifecta.js'))});
        const sim = simulate(s, { seed: 3 }); sim.run({ steps: 200 }); console.log(sim.digest)`
      return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout
    }
    const rooms = ['agents', 'market', 'trading', 'space', 'model', 'bus', 'core'].map(r => resolve(`dist/src/${r}/index.js`))
    const forwards = digest(rooms)
    expect(forwards).toMatch(/^[0-9a-f]{64}\n$/)
    expect(digest([...rooms].reverse())).toBe(forwards)
  }, 120_000)
})
