/** A simulated run whose owner moves parameters and acts as an operator: its record, its resumes, and its replay. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineScenario, Model, z } from 'mycelia'
import { expect, it, onTestFinished } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import trifecta from '../../scenarios/trifecta.js'
import { RunDirectory, readTable } from '../../src/storage/index.js'
import { Interrupted, type RunHandle, type RunRequest, replayRun, run } from '../../src/world/index.js'
import { runWith } from '../../src/world/run.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-replay-run-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

type Said = (handle: RunHandle) => void

/** Runs, and says something after some of the steps. */
function played(request: RunRequest, says: Readonly<Record<number, Said>>) {
  let handle: RunHandle | undefined
  const onWhole = (step: number) => {
    if (handle !== undefined) says[step]?.(handle)
  }
  return runWith(
    {
      ...request,
      onBegun: begun => {
        handle = begun
      },
    },
    { onWhole },
  )
}

const moves: Readonly<Record<number, Said>> = {
  2: each => each.change('wanted', 5),
  4: each => each.change('radius', 2),
  5: each => each.change('wanted', 12),
  9: each => {
    each.change('radius', 1)
    each.change('wanted', 4)
  },
}
const town: RunRequest = { scenario: schelling, seed: 2, steps: 14, params: { width: 20, height: 20, residents: 300 } }

it('a session with five moves replays to the same digest and tables; its table inputs has them', async () => {
  const out = join(folder(), 'run')
  const result = await played({ ...town, out }, moves)
  expect(result.counters.inputs).toEqual({ taken: 5 })
  expect(await readTable(join(out, 'inputs.parquet'), ['step', 'key', 'old', 'value'])).toEqual({
    step: [2, 4, 5, 9, 9],
    key: ['wanted', 'radius', 'wanted', 'radius', 'wanted'],
    old: ['3', '1', '5', '2', '12'],
    value: ['5', '2', '12', '1', '4'],
  })
  const replay = await replayRun(out, { scenario: schelling })
  expect(replay).toMatchObject({ verdict: 'agrees', digest: result.digest, outputs: result.outputs, differences: [] })
  expect(replay.replayed).toEqual({ steps: 14, inputs: 5, tables: 2 })
})

it('a run without inputs has no table of them, and replays too', async () => {
  const out = join(folder(), 'run')
  const result = await run({ ...town, out })
  expect(Object.keys(result.outputs)).toEqual(['model'])
  expect(await replayRun(out, { scenario: schelling })).toMatchObject({ verdict: 'agrees', replayed: { inputs: 0 } })
})

it('a session stopped at any step replays up to there, and once resumed is the uninterrupted one', async () => {
  const root = folder()
  const whole = await played({ ...town, out: join(root, 'whole') }, moves)
  for (const cut of [2, 5, 10]) {
    const out = join(root, `until-${cut}`)
    await played({ ...town, out, steps: cut }, moves)
    expect(await replayRun(out, { scenario: schelling })).toMatchObject({ verdict: 'agrees' })
    const later = Object.fromEntries(Object.entries(moves).filter(([step]) => Number(step) > cut))
    const resumed = await played({ scenario: schelling, resume: out, steps: 14 }, later)
    expect([cut, resumed.digest, resumed.outputs]).toEqual([cut, whole.digest, whole.outputs])
    expect(await replayRun(out, { scenario: schelling })).toMatchObject({ verdict: 'agrees', digest: whole.digest })
  }
})

it('an interrupted session replays up to its last checkpoint', async () => {
  const out = join(folder(), 'run')
  const controller = new AbortController()
  const onProgress: RunRequest['onProgress'] = ({ step }) => void (step > 0 && controller.abort('SIGINT'))
  const endless = { ...town, steps: 1_000_000, out, signal: controller.signal, onProgress }
  await expect(played(endless, { 1: each => each.change('wanted', 6) })).rejects.toThrow(Interrupted)
  const replay = await replayRun(out, { scenario: schelling })
  expect(replay).toMatchObject({ verdict: 'agrees', differences: [], replayed: { inputs: 1 } })
})

it('inputs that are not those of the run differ, and the replay says in what', async () => {
  const out = join(folder(), 'run')
  await played({ ...town, out }, moves)
  rmSync(join(out, 'inputs.parquet'))
  const replay = await replayRun(out, { scenario: schelling })
  expect(replay.verdict).toBe('differs')
  expect(replay.differences.map(({ what }) => what)).toContainEqual('the replay has no table inputs')
})

class Breaks extends Model<typeof speed> {
  n = 0
  override step() {
    if (this.steps === 8) throw new Error('eight')
    this.n += this.params.speed
  }
}
const speed = z.object({ speed: z.number().default(1).meta({ changeable: true }) })
const breaks = defineScenario({ title: 'Breaks', model: Breaks, params: speed, collect: { model: { n: m => m.n } } })

it('a run whose model throws keeps the moves before, and replays up to there', async () => {
  const out = join(folder(), 'run')
  const request = { scenario: breaks, steps: 20, out }
  await expect(played(request, { 3: each => each.change('speed', 4) })).rejects.toThrow(/eight/)
  const { manifest } = RunDirectory.read(out)
  expect(manifest).toMatchObject({ status: 'failed', steps: 7, parameters: { speed: 1 } })
  expect((await readTable(join(out, 'model.parquet'), ['n']))?.n).toEqual([0, 1, 2, 3, 7, 11, 15, 19])
  expect(await replayRun(out, { scenario: breaks })).toMatchObject({ verdict: 'agrees', replayed: { steps: 7, inputs: 1 } })
})

it('a refused move reaches the owner, and a run that has ended takes none', async () => {
  let handle: RunHandle | undefined
  const out = join(folder(), 'run')
  await run({
    ...town,
    out,
    onBegun: begun => {
      handle = begun
      expect(() => begun.change('wantd', 3)).toThrow(/Did you mean "wanted"/)
    },
  })
  expect(() => handle?.change('wanted', 3)).toThrow(/expected a run that goes on, got "one that has ended"/)
})

it('an operator acts on a simulated run as on a live one: the commands are inputs, told in commands, and replayed', {
  timeout: 120_000,
}, async () => {
  const out = join(folder(), 'run')
  const params = { financeLearners: 6, pairs: ['XXBTZUSD', 'XETHZUSD', 'SOLUSD'], dataMiners: 3 }
  const say =
    (command: object): Said =>
    each =>
      each.input({ kind: 'operator', command: { reason: 'news', ...command } } as never)
  await played(
    { scenario: trifecta, params, steps: 120, seed: 4, out },
    {
      60: say({ do: 'close', pair: null, portfolio: null }),
      70: say({ do: 'lock', pair: 'SOLUSD', forMs: 3_600_000 }),
      80: say({ do: 'set', limits: { minConfidence: 0.6 } }),
      90: say({ do: 'halt' }),
      95: each => each.change('imitationRate', 0.2),
      100: say({ do: 'resume' }),
    },
  )
  const commands = await readTable(join(out, 'commands.parquet'), ['command', 'refused'])
  expect(commands).toEqual({
    command: ['close all', 'lock SOLUSD', 'set minConfidence', 'halt', 'resume'],
    refused: [false, false, false, false, false],
  })
  expect((await readTable(join(out, 'inputs.parquet'), ['step']))?.step).toEqual([60, 70, 80, 90, 95, 100])
  expect(await replayRun(out, { scenario: trifecta })).toMatchObject({ verdict: 'agrees', differences: [] })
})
