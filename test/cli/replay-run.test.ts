/** `mycelia replay` of a simulated run whose program moved parameters. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { folder, jsonOf, mycelia, needsBuild } from './mycelia.js'

beforeEach(needsBuild)

const model = (by: number) => `
import { defineScenario, Model, z } from 'mycelia'
const params = z.object({ speed: z.number().default(1).describe('of counting').meta({ changeable: true }) })
class Count extends Model<typeof params> {
  n = 0
  override step() {
    this.n += ${by} * this.params.speed
  }
}
export default defineScenario({ title: 'Count', model: Count, params, collect: { model: { n: m => m.n } } })
`

const program = `
import { run } from 'mycelia/node'
await run({
  scenario: './count.ts',
  steps: 30,
  out: 'out',
  onBegun: each => each.change('speed', 4),
})
`

it('replays a session, and says so where the scenario file has changed since', { timeout: 120_000 }, async () => {
  const cwd = folder()
  writeFileSync(join(cwd, 'count.ts'), model(1))
  writeFileSync(join(cwd, 'play.ts'), program)
  expect(await mycelia(cwd, ['exec', 'play.ts'])).toMatchObject({ code: 0 })
  expect((await mycelia(cwd, ['list', './count.ts'])).stdout).toMatch(/ {2}speed \*[\s\S]*\* may be moved while a run goes on/)
  const agrees = await mycelia(cwd, ['replay', 'out'])
  expect(agrees).toMatchObject({ code: 0 })
  expect(agrees.stdout).toMatch(/^Replayed 30 steps, 1 input, 2 tables: all agree\.\nDigest: [0-9a-f]{64}\n$/)
  expect(jsonOf(await mycelia(cwd, ['replay', 'out', '--json']))).toMatchObject({
    verdict: 'agrees',
    digest: JSON.parse(readFileSync(join(cwd, 'out', 'manifest.json'), 'utf8')).digest,
  })
  writeFileSync(join(cwd, 'count.ts'), model(2))
  const differs = await mycelia(cwd, ['replay', 'out'])
  expect(differs.code).toBe(1)
  expect(differs.stdout).toMatch(/^The scenario file has changed since the run began\.\nReplayed .*: not all agree\./)
  expect(differs.stderr).toMatch(/The replay differs from the run\..*Replay it with the file it began with\./)
  expect(await mycelia(cwd, ['replay', 'out', '--from', '3'])).toMatchObject({ code: 2 })
})
