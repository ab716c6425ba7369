/** Runs that people watch: what they do is written down and replays, what they leave is kept, and watching changes nothing. */

import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { defineScenario, Model, z } from 'mycelia'
import { expect, test } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import { RunDirectory, readTable } from '../../src/storage/index.js'
import { type About, type Clock, Observer, question, Subscription, seriesName, seriesPoints } from '../../src/view/index.js'
import { openRecord, type RunRequest, replayRun, run, TablesOfRecord } from '../../src/world/index.js'
import { scenario as lively } from './live-scenario.js'
import { folder, shownRecord, watched } from './watch-kit.js'

const params = { width: 20, height: 20, residents: 300 }
const town = (root = folder()): RunRequest => ({ scenario: schelling, seed: 2, params, root })
const runsIn = (root: string, name: string) => readdirSync(join(root, name)).filter(each => each !== 'latest')

test('a watched session with five moves of parameters and an operator who halts replays to the same digest', {
  timeout: 120_000,
}, async () => {
  const { say, runs, left } = await watched({ scenario: lively, seed: 3, root: folder() })
  const moves = [0.1, 0.2, 0.3, 0.4, 0.5]
  for (const value of moves) {
    await say({ do: 'step', steps: 8 })
    await say({ do: 'change', key: 'imitationRate', value })
  }
  await say({ do: 'operate', order: { do: 'halt', reason: 'lunch' } })
  const { digest } = await say({ do: 'step', steps: 8 })
  await runs.close()
  const [{ runDir = '', result } = {}] = left
  expect(result).toMatchObject({ steps: 48 })
  expect(digest).not.toBeNull()
  expect(await readTable(join(runDir, 'commands.parquet'), ['command', 'refused'])).toEqual({
    command: ['halt'],
    refused: [false],
  })
  const replay = await replayRun(runDir, { scenario: lively })
  expect(replay).toMatchObject({ verdict: 'agrees', digest: result?.digest, differences: [], replayed: { steps: 48, inputs: 6 } })
})

test('an order that is none, and one to a run that does not trade, is told in a sentence and changes nothing', async () => {
  const trading = await watched({ scenario: lively, seed: 3, root: folder() })
  await expect(trading.say({ do: 'operate', order: { do: 'dance' } })).rejects.toThrow(
    /expected halt, resume, unlock.*got "dance"/,
  )
  const plain = await watched(town())
  await expect(plain.say({ do: 'operate', order: { do: 'halt' } })).rejects.toThrow(
    /expected a run that trades, got "schelling"/i,
  )
})

test('a branch is a run of its own that replays; the one before is kept and replays too', async () => {
  const { say, runs, left } = await watched(town())
  await say({ do: 'step', steps: 5 })
  await say({ do: 'change', key: 'wanted', value: 5 })
  await say({ do: 'step', steps: 15 })
  await say({ do: 'seek', step: 12 })
  await say({ do: 'branch' })
  await say({ do: 'change', key: 'wanted', value: 2 })
  const { digest } = await say({ do: 'step', steps: 6 })
  await runs.close()
  expect(left.map(({ steps }) => steps)).toEqual([20, 18])
  expect(left[1]?.result?.digest).not.toBe(left[0]?.result?.digest)
  expect(digest).not.toBeNull()
  for (const { runDir, result } of left)
    expect(await replayRun(runDir, { scenario: schelling })).toMatchObject({ verdict: 'agrees', digest: result?.digest })
})

test('a reset leaves the results of the run before, and keeps what it is not given', async () => {
  const { say, runs, left } = await watched(town())
  await say({ do: 'step', steps: 4 })
  await say({ do: 'reset', seed: 9, params: { ...params, wanted: 5 } })
  expect(left).toMatchObject([{ steps: 4, result: { seed: 2, steps: 4 } }])
  expect(RunDirectory.read(left[0]?.runDir ?? '').manifest).toMatchObject({ status: 'finished', steps: 4, parameters: params })
  await say({ do: 'step', steps: 3 })
  await say({ do: 'reset' })
  await say({ do: 'step', steps: 3 })
  await runs.close()
  expect(left.map(({ result }) => result?.seed)).toEqual([2, 9, 9])
  expect(left[2]?.result?.digest).toBe(left[1]?.result?.digest)
  const alone = await run({
    scenario: schelling,
    seed: 9,
    params: { ...params, wanted: 5 },
    steps: 3,
    out: join(folder(), 'run'),
  })
  expect(left[2]?.result).toMatchObject({ digest: alone.digest, outputs: alone.outputs })
})

test('a run of which no step was made leaves nothing', async () => {
  const root = folder()
  const { say, runs, left } = await watched(town(root))
  await say({ do: 'reset', seed: 3 })
  await runs.close()
  expect(left).toEqual([])
  expect(runsIn(root, 'schelling')).toEqual([])
})

test('a run that is stopped before the end of its plan is interrupted, and resumes to the digest of one that was not', async () => {
  const plan = { ...town(), steps: 40 }
  const bare = await run({ ...plan, root: folder() })
  const { say, runs, left } = await watched(plan)
  await say({ do: 'step', steps: 15 })
  await say({ do: 'change', key: 'wanted', value: 3 })
  expect(await runs.close('SIGINT')).toBe(left[0])
  expect(left).toMatchObject([{ steps: 15, error: { name: 'Interrupted', by: 'SIGINT', step: 15 } }])
  const runDir = left[0]?.runDir ?? ''
  expect(RunDirectory.read(runDir).manifest).toMatchObject({ status: 'interrupted', steps: 15, ended: { by: 'signal' } })
  expect(await run({ scenario: schelling, resume: runDir })).toMatchObject({ steps: 40, digest: expect.any(String) })
  expect(bare.ended).toMatchObject({ by: 'steps' })
})

test('a run that nobody made a step of neither takes the name of the latest nor leaves it to nobody', async () => {
  const root = folder()
  const latest = () => readlinkSync(join(root, 'schelling', 'latest'))
  const first = await watched(town(root))
  await first.say({ do: 'step', steps: 3 })
  const own = latest()
  await first.say({ do: 'reset', seed: 9 })
  expect(latest()).toBe(own)
  await first.runs.close()
  expect(existsSync(join(root, 'schelling', own))).toBe(true)
})

test('a branch that is given up on its way leaves nothing, and the run goes on', async () => {
  const root = folder()
  const { session, say, runs } = await watched(town(root))
  await say({ do: 'step', steps: 12 })
  await say({ do: 'seek', step: 6 })
  await expect(runs.prepareBranch(session.branchPoint, AbortSignal.abort('SIGINT'))).rejects.toThrow(/SIGINT/)
  expect(runsIn(root, 'schelling')).toHaveLength(1)
  await say({ do: 'seek', step: 12 })
  expect(await say({ do: 'step' })).toMatchObject({ step: 13, state: 'paused' })
})

test('results that cannot be written leave a failed run that nothing holds', async () => {
  const { say, runs, left } = await watched({ scenario: unfinished, root: folder(), steps: 4 })
  expect(await say({ do: 'play' })).toMatchObject({ state: 'failed', reason: 'never' })
  await runs.close()
  expect(left).toMatchObject([{ steps: 4, error: { name: 'RunFailed' } }])
  const directory = RunDirectory.read(left[0]?.runDir ?? '')
  expect(directory.isInUse).toBe(false)
  expect(directory.manifest).toMatchObject({ status: 'failed', error: { message: expect.stringMatching(/never/) } })
})

test('a run that has ended can be gone back in, and on from there', async () => {
  const { say, runs, left } = await watched({ ...town(), steps: 10 })
  expect(await say({ do: 'play' })).toMatchObject({ state: 'ended', step: 10 })
  expect(await say({ do: 'seek', step: 6 })).toMatchObject({ step: 6, newest: 10 })
  await say({ do: 'branch' })
  await say({ do: 'step', steps: 4 })
  await runs.close()
  expect(left.map(({ steps }) => steps)).toEqual([10, 10])
  expect(left[1]?.result?.digest).toBe(left[0]?.result?.digest)
})

test('closing a session finishes the results of its run, with its report', async () => {
  const { say, runs, left } = await watched(town())
  await say({ do: 'step', steps: 7 })
  await runs.close()
  const runDir = left[0]?.runDir ?? ''
  const directory = RunDirectory.read(runDir)
  expect(directory.isInUse).toBe(false)
  expect(directory.manifest).toMatchObject({ status: 'finished', steps: 7, digest: left[0]?.result?.digest })
  expect(existsSync(join(runDir, 'report.html'))).toBe(true)
})

const speed = z.object({ speed: z.number().default(1).meta({ changeable: true }) })
class Breaks extends Model<typeof speed> {
  n = 0
  override step() {
    if (this.steps === 8) throw new Error('eight')
    this.n += this.params.speed
  }
}
const breaks = defineScenario({ title: 'Breaks', model: Breaks, params: speed, collect: { model: { n: m => m.n } } })

class Unfinished extends Model<typeof speed> {
  override finish() {
    throw new Error('never')
  }
}
const unfinished = defineScenario({ title: 'Unfinished', model: Unfinished, params: speed })

test('a model that fails leaves a run that is kept up to the step before, and can be looked back in', async () => {
  const { say, runs, left } = await watched({ scenario: breaks, root: folder() })
  await say({ do: 'step', steps: 3 })
  await say({ do: 'change', key: 'speed', value: 4 })
  expect(await say({ do: 'step', steps: 20 })).toMatchObject({ state: 'failed', reason: 'eight' })
  expect(await say({ do: 'seek', step: 5 })).toMatchObject({ step: 5, newest: 7, reason: null })
  await runs.close()
  const runDir = left[0]?.runDir ?? ''
  expect(left).toMatchObject([{ steps: 7, error: { name: 'RunFailed', kept: 7, message: expect.stringMatching(/eight/) } }])
  expect(RunDirectory.read(runDir).manifest).toMatchObject({
    status: 'failed',
    steps: 7,
    error: { message: expect.stringMatching(/eight/) },
  })
  expect(await replayRun(runDir, { scenario: breaks })).toMatchObject({ verdict: 'agrees', replayed: { steps: 7, inputs: 1 } })
})

test('a record that is shown ends with its digest; who goes on from a step of it begins a run of their own', async () => {
  const first = await watched(town())
  await first.say({ do: 'step', steps: 5 })
  await first.say({ do: 'change', key: 'wanted', value: 5 })
  await first.say({ do: 'step', steps: 10 })
  await first.runs.close()
  const [{ runDir = '', result } = {}] = first.left
  const { say, runs, left } = await shownRecord(runDir, { scenario: schelling, root: folder() })
  expect(await say({ do: 'play' })).toMatchObject({ state: 'ended', step: 15, digest: result?.digest })
  expect(runs.agrees).toBe(true)
  await say({ do: 'seek', step: 9 })
  await say({ do: 'branch' })
  await say({ do: 'step', steps: 6 })
  await say({ do: 'reset', seed: 4 })
  await say({ do: 'step', steps: 2 })
  await runs.close()
  expect(left.map(({ steps, result: each }) => [steps, each?.seed])).toEqual([
    [15, 2],
    [2, 4],
  ])
  expect(left[0]?.result?.digest).toBe(result?.digest)
})

test('D4: a run with fifty viewers who ask for everything has digest and tables of one with none', async () => {
  const bare = await run({ ...town(), steps: 30 })
  const { session, say, runs, left } = await watched({ ...town(), steps: 30 })
  const viewers = Array.from({ length: 50 }, () => new Subscription())
  const questions = [question('series', 'model'), ...Array.from({ length: 20 }, (_, i) => question('agent', `Resident-${i + 1}`))]
  session.ask(questions)
  for (const asked of viewers) asked.ask(questions)
  for (let step = 1; step <= 30; step++) {
    await say({ do: 'step' })
    const parts = session.look()
    for (const asked of viewers) {
      expect(parts.frame(asked.since)?.length).toBeGreaterThan(0)
      asked.has(parts.version)
    }
  }
  await runs.close()
  expect(left).toMatchObject([{ result: { digest: bare.digest, outputs: bare.outputs } }])
})

test('what is kept beside a long watched run is bounded', async () => {
  const { session, say } = await watched({ ...town(), params: { width: 6, height: 6, residents: 20 } })
  session.ask([question('series', 'model')])
  const sizes: number[] = []
  for (let i = 0; i < 3; i++) {
    await say({ do: 'step', steps: 5_000 })
    const parts = session.look()
    sizes.push([...parts.names()].reduce((sum, name) => sum + (parts.array(name)?.byteLength ?? 0), 0))
    expect(session.counters.checkpoints).toBeLessThanOrEqual(64)
  }
  const [, before = 0, after = 0] = sizes
  expect(after).toBeLessThan(1.6 * before)
})

test('a record whose scenario has changed shows its tables and says why', async () => {
  const out = join(folder(), 'run')
  const { digest } = await run({ ...town(), steps: 12, out })
  const directory = RunDirectory.read(out)
  const manifest = { ...directory.manifest, request: { ...directory.manifest.request, scenario: './town.ts', code: 'x' } }
  directory.writeManifest(manifest)
  const tables = await openRecord(out, {}, () => undefined)
  if (!(tables instanceof TablesOfRecord)) throw new Error('it was made again')
  const asked = [question('series', 'model')]
  tables.ask(asked)
  const parts = tables.look()
  const about = parts.json('about') as About
  expect(about).toMatchObject({ scenario: 'schelling', seed: 2, params, trades: false })
  expect(parts.json('clock')).toMatchObject({ step: 12, newest: 12, state: 'ended', digest } satisfies Partial<Clock>)
  expect((parts.json('clock') as Clock).reason).toMatch(/cannot be made again.*Only its tables are shown\.$/s)
  const [column = ''] = about.columns
  const table = await readTable(join(out, 'model.parquet'), ['step', column])
  const points = seriesPoints(seriesName(column), parts)
  expect(points.length).toBe(4 * (table?.step?.length ?? 0))
  expect(points[points.length - 1]).toBe(table?.[column]?.at(-1))
})

test('of a run that trades, the newest rows of each table are shown when they are asked for', { timeout: 60_000 }, async () => {
  const out = join(folder(), 'run')
  await run({ scenario: lively, seed: 3, steps: 40, out })
  const directory = RunDirectory.read(out)
  directory.writeManifest({ ...directory.manifest, verb: 'live' })
  const tables = await openRecord(out, {}, () => undefined)
  if (!(tables instanceof TablesOfRecord)) throw new Error('it was made again')
  expect(tables.why).toMatch(/^A live run is made again by "mycelia replay" alone\./)
  const asked = question('panel', 'fills', '')
  expect(tables.look().json(`${asked}/value`)).toBeUndefined()
  tables.ask([asked])
  const parts = tables.look()
  const fills = await readTable(join(out, 'fills.parquet'), ['pair', 'price'])
  const rows = parts.json(`${asked}/value`) as { cells: Record<string, unknown> }[]
  expect(rows.map(({ cells }) => cells.pair)).toEqual(fills?.pair)
  expect(rows.length).toBeGreaterThan(0)
  const panel = (parts.json('about') as About).panels.find(({ title }) => title === 'fills')
  expect(panel).toMatchObject({ kind: 'table', tab: 'Tables', columns: Object.keys(rows[0]?.cells ?? {}) })
})

test('panels that the world adds to those of a scenario are described and answered', async () => {
  const { runs, session } = await watched(town())
  expect(session.look().json('about')).toMatchObject({ panels: [] })
  await runs.close()
  const { simulate } = await import('../../src/model/index.js')
  const text = { kind: 'text', look: () => ({ lines: ['all is well'] }) } as const
  const observer = new Observer(simulate(schelling as never, { seed: 1, params }), 1, undefined, { Feeds: text })
  observer.ask([question('panel', 'Feeds', '')])
  observer.look({} as Clock)
  expect(observer.parts.json('about')).toMatchObject({ panels: [{ title: 'Feeds', kind: 'text' }] })
  expect(observer.parts.json(`${question('panel', 'Feeds', '')}/lines`)).toEqual(['all is well'])
})
