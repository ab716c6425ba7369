/** Scripts run by the command: what they are given, what they print, and how their errors are told. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { command } from './in-process.js'
import { folder, mycelia, needsBuild } from './mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const coin = `import { Agent, Model, defineScenario, simulate, z } from 'mycelia'
const params = z.object({ coins: z.number().int().min(1).default(3) })
class Coin extends Agent<Purse> { override step() { if (this.model.steps === 4) this.model.fails() } }
class Purse extends Model<typeof params> {
  coins = this.agentsOf(Coin)
  override setup() { this.spawn(this.params.coins, Coin) }
  fails() {}
}
export const purse = defineScenario({ name: 'purse', title: 'Purse', model: Purse, params, agents: { Coin } })
`

/** A folder with a helper that scripts import, and the scripts. */
function scripts(files: Record<string, string>): string {
  const place = folder()
  writeFileSync(join(place, 'coin.ts'), coin)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text)
  return place
}

describe('mycelia exec', () => {
  it('runs a script that calls simulate, with files beside it and the arguments after "--"', async () => {
    const place = scripts({
      'count.ts': `import { simulate } from 'mycelia'
import { purse } from './coin.js'
const coins: number = Number(process.argv[3])
const sim = simulate(purse, { seed: 1, params: { coins } })
sim.run({ steps: 2 })
console.log(sim.model.coins.size, process.argv.slice(2).join(' '))
`,
    })
    const { code, stdout, stderr } = await mycelia(place, ['exec', 'count.ts', '--', '--coins', '7', '--debug'])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '7 --coins 7 --debug\n', stderr: '' })
  })

  it('ends with 1 and the file and line of an error in the script', async () => {
    const place = scripts({
      'broken.ts': 'interface Unused { a: 1 }\nconst nothing = undefined as unknown as { x: number }\n\nconsole.log(nothing.x)\n',
    })
    const { code, stdout, stderr } = await mycelia(place, ['exec', 'broken.ts'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^mycelia: broken\.ts:4:\d+: TypeError: Cannot read properties of undefined \(reading 'x'\)\.\n$/)
  })

  it('ends with 2 and the file and line of the call where a parameter is wrong', async () => {
    const place = scripts({
      'wrong.ts':
        "import { simulate } from 'mycelia'\nimport { purse } from './coin.js'\nsimulate(purse, { params: { coins: 0 } })\n",
    })
    const { code, stderr } = await mycelia(place, ['exec', 'wrong.ts'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^mycelia: wrong\.ts:3:\d+: parameter "coins": expected at least 1, got 0\./)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('ends with the exit code that the script sets', async () => {
    const place = scripts({ 'three.ts': 'process.exitCode = 3\n' })
    expect((await mycelia(place, ['exec', 'three.ts'])).code).toBe(3)
  })

  it('refuses a file that is missing or does not compile', async () => {
    const place = scripts({ 'syntax.ts': 'const a = 1\nconst b: = 3\n' })
    const missing = await command(['exec', 'nowhere.ts'], place)
    expect([missing.code, missing.stderr]).toEqual([
      2,
      'mycelia: script nowhere.ts: expected an existing file. Check the path.\n',
    ])
    const syntax = await command(['exec', 'syntax.ts'], place)
    expect(syntax.code).toBe(2)
    expect(syntax.stderr).toMatch(/^mycelia: syntax\.ts:2:10: /)
  })

  it('finds scripts in folders with spaces and letters beyond ASCII', async () => {
    const place = scripts({})
    mkdirSync(join(place, 'my ünï'))
    writeFileSync(join(place, 'my ünï', 'late.ts'), "throw new RangeError('too late')\n")
    const { code, stderr } = await mycelia(place, ['exec', 'my ünï/late.ts'])
    expect([code, stderr]).toEqual([1, 'mycelia: my ünï/late.ts:1:7: RangeError: too late.\n'])
  })
})

describe('a scenario by its short name', () => {
  it('is run, and its run can be resumed', { timeout: 180_000 }, async () => {
    const place = folder()
    const first = await command(['run', 'schelling', '--steps', '3', '--out', 'here', '--quiet'], place)
    expect([first.code, first.stderr]).toEqual([0, ''])
    const second = await command(['run', '--resume', 'here', '--steps', '5', '--quiet'], place)
    expect([second.code, second.stderr]).toEqual([0, ''])
  })

  it('is what the list shows', async () => {
    const { stdout } = await command(['list'], folder())
    expect(stdout).toMatch(/^ {2}schelling +Schelling segregation$/m)
    expect(stdout).not.toContain('models/')
  })

  it('has its parameters in the help of run: name, type, range, default, description, and which may be moved while it goes on', async () => {
    const { code, stdout, stderr } = await command(['run', 'schelling', '--help'], folder())
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^ {2}wanted \* +whole number +0 … 440 +3 +neighbours of their own group people want, at least$/m)
    expect(stdout).toContain('* may be moved while a run goes on')
    expect(stdout).toContain('--seed <n>')
  })
})
