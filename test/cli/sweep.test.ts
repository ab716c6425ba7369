/** `mycelia sweep` as its users give it: what it says, leaves, refuses and ends with. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readTable } from '../../src/storage/index.js'
import { command } from './in-process.js'
import { folder, jsonOf, mycelia, needsBuild, start } from './mycelia.js'

beforeEach(ctx => needsBuild(ctx))

const sweep = ['sweep', 'wealth', '--engine', 'inline', '--steps', '20'] as const

describe('mycelia sweep', () => {
  it('leaves the tables of its design, and says how many runs there are', async () => {
    const place = folder()
    const args = [...sweep, '--vary', 'people=10:30:3', '--replicates', '2', '--columns', 'gini,max:gini', '--series', '--json']
    const said = await command(args, place)
    expect(said.code).toBe(0)
    expect(jsonOf(said)).toMatchObject({ scenario: 'wealth', points: 3, runs: 6, failed: 0, made: 6, out: 'sweep' })
    const columns = await readTable(join(place, 'sweep', 'runs.parquet'), ['people', 'gini', 'gini_max'])
    expect(columns?.people).toEqual([10, 10, 20, 20, 30, 30])
    const series = await readTable(join(place, 'sweep', 'series.parquet'), ['step', 'gini'])
    expect(series?.step).toHaveLength(6 * 21)
    const again = await command(args, place)
    expect(jsonOf(again)).toMatchObject({ runs: 6, made: 0 })
  })

  it('takes points from a file, quoted cells and all', async () => {
    const place = folder()
    writeFileSync(join(place, 'design.csv'), '\uFEFF"people"\r\n12\r\n\r\n"14"\r\n')
    const said = await command([...sweep, '--file', 'design.csv', '--json'], place)
    expect(jsonOf(said)).toMatchObject({ points: 2, runs: 2 })
    expect(readFileSync(join(place, 'sweep', 'runs.csv'), 'utf8')).toMatch(/^run,point,people,.*\r\n0,0,12,.*\r\n1,1,14,/)
  })

  it.each([
    [['--design', 'lhs', '--vary', 'people=10:20', '--points', '4'], 4],
    [['--design', 'sobol', '--vary', 'people=10:20', '--points', '8'], 8],
    [['--vary', 'people=10,11,12'], 3],
  ])('makes the points of %j', async (args, points) => {
    const said = await command([...sweep, ...args, '--json'], folder())
    expect(jsonOf(said)).toMatchObject({ points })
  })

  it.each([
    [['--vary', 'poeple=10'], 'Unknown parameter "poeple". Did you mean "people"?'],
    [['--vary', 'people'], '--vary: expected name=values, got "people". Try --vary people=50,100,500.'],
    [['--vary', 'people=10:20'], 'expected the number of values, as in 10:20:5'],
    [['--design', 'lhs', '--vary', 'people=10:20'], 'Add it: --design lhs --points 64.'],
    [['--design', 'random'], '--design: expected grid, lhs, sobol, list, got "random"'],
    [['--shard', '3/2'], '--shard: expected a part of all, counted from 1, as in 1/8, got "3/2"'],
    [['--precision', 'gini'], 'Try --precision gini=2%.'],
    [['--columns', 'gnii'], 'Unknown column "gnii". Did you mean "gini"?'],
    [['--workers', '2'], '--workers: expected the engine workers, got "inline"'],
    [['--replicates', '0'], '--replicates: expected a whole number ≥ 1'],
  ])('refuses %j, and makes nothing', async (args, sentence) => {
    const place = folder()
    const { code, stderr } = await command([...sweep, ...args], place)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(sentence) })
    expect(existsSync(join(place, 'sweep'))).toBe(false)
  })

  it('ends with exit code 1 where runs failed, and says where their table is', async () => {
    const place = folder()
    writeFileSync(
      join(place, 'town.ts'),
      `import { defineScenario, Model, z } from 'mycelia'
const params = z.object({ size: z.number().default(1) })
class Town extends Model<typeof params> {
  override step() {
    if (this.params.size > 1) throw new Error('too large')
  }
}
export default defineScenario({ title: 'Town', model: Town, params, collect: { model: { size: m => m.params.size } } })
`,
    )
    const { code, stderr } = await mycelia(place, ['sweep', 'town.ts', '--workers', '1', '--vary', 'size=1,2', '--steps', '3'])
    expect(code).toBe(1)
    expect(stderr).toContain('1 of 2 runs failed; sweep/failures.csv says why.')
    const failures = readFileSync(join(place, 'sweep', 'failures.csv'), 'utf8')
    expect(failures).toContain('too large')
    expect(failures).toMatch(/town\.ts:5:\d+/)
  })

  it('keeps a run directory for each run where that is asked for, and otherwise none', async () => {
    const place = folder()
    await command([...sweep, '--replicates', '2', '--keep-runs'], place)
    expect(existsSync(join(place, 'sweep', 'runs', 'run-1', 'agents.parquet'))).toBe(true)
    expect(existsSync(join(place, 'runs'))).toBe(false)
    const [gini] = (await readTable(join(place, 'sweep', 'runs.parquet'), ['gini']))?.gini ?? []
    const kept = (await readTable(join(place, 'sweep', 'runs', 'run-0', 'model.parquet'), ['gini']))?.gini
    expect(kept?.at(-1)).toBe(gini)
  })

  it('joins shards, and names the one that is missing', async () => {
    const place = folder()
    const shard = (part: number) =>
      command([...sweep, '--replicates', '5', '--shard', `${part}/2`, '--out', `parts/${part}`], place)
    await shard(1)
    const early = await command(['sweep', 'merge', 'parts/1', '--out', 'whole'], place)
    expect(early).toMatchObject({ code: 2, stderr: 'mycelia: the sweep is not whole. Missing: shard 2/2.\n' })
    await shard(2)
    const said = await command(['sweep', 'merge', 'parts/1', 'parts/2', '--out', 'whole', '--json'], place)
    expect(jsonOf(said)).toMatchObject({ runs: 5, failed: 0, out: 'whole' })
    const again = await command(['sweep', 'merge', 'parts/1', 'parts/2', '--out', 'another'], place)
    expect(again.stdout).toContain('5 runs of 1 point, 5 of them joined now\n')
  })

  it('is stopped by Ctrl-C with exit code 130, and killed at any instant goes on where it was', {
    timeout: 300_000,
  }, async () => {
    const place = folder()
    const plan = ['sweep', 'wealth', '--set', 'people=500', '--replicates', '40', '--steps', '1500']
    const args = [...plan, '--engine', 'inline', '--out', 'long']
    const log = join(place, 'long', 'results.log')
    const until = async (size: number) => {
      while (!existsSync(log) || readFileSync(log).length < size) await new Promise(resolve => setTimeout(resolve, 5))
    }
    const killed = start(place, args)
    await until(50)
    killed.child.kill('SIGKILL')
    await killed.ended
    const atKill = readFileSync(log).length
    const stopped = start(place, args)
    await until(atKill + 50)
    stopped.child.kill('SIGINT')
    const { code, stderr } = await stopped.ended
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringMatching(
        /Stopped by SIGINT after \d+ of 40 runs\. They are kept in long: the same command makes the rest\./,
      ),
    })
    const inline = [...plan, '--engine', 'inline', '--json', '--out']
    const last = await command([...inline, 'long'], place)
    expect(jsonOf(last)).toMatchObject({ runs: 40, failed: 0 })
    const fresh = await command([...inline, 'fresh'], place)
    expect(jsonOf(fresh)).toMatchObject({ made: 40 })
    for (const name of ['runs.parquet', 'runs.csv'])
      expect(readFileSync(join(place, 'long', name)).equals(readFileSync(join(place, 'fresh', name)))).toBe(true)
  })
})
