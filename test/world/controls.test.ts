/** The controls of a run on disk: read back from its tables, the same as from its messages, and the same after a resume. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Swarm, swarmScenario } from '../../src/agents/index.js'
import { runSummary } from '../../src/cli/run-summary.js'
import { recordControls } from '../../src/experiment/index.js'
import { sparseMarket } from '../../src/market/index.js'
import { type Simulation, simulate } from '../../src/model/index.js'
import { controlsOf } from '../../src/trading/index.js'
import { run } from '../../src/world/index.js'

const root = mkdtempSync(join(tmpdir(), 'mycelia-controls-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A market in which forced ideas trade beside the trend from the beginning. */
const scenario = swarmScenario({
  name: 'controls',
  title: 'Trades to compare',
  market: sparseMarket(),
  defaults: {
    pairs: ['SOLUSD', 'ADAUSD', 'XXBTZUSD'],
    financeLearners: 3,
    logisticsLearners: 0,
    governmentLearners: 0,
    corporationsLearners: 0,
    memories: 0,
    maxDrawdown: 1,
    forcedHypotheses: ['code:Rust|level|0|SOLUSD|4|+', 'code:Go|level|0|ADAUSD|4|-'],
  },
})
const asked = { scenario, seed: 3, steps: 700 }

describe('the controls of a run', () => {
  it('stand in result, manifest, terminal and report, equal those of its messages, and a resume has the same', async () => {
    const out = join(root, 'whole')
    const whole = await run({ ...asked, out })
    const { controls } = whole
    expect(controls?.randomEntry).toMatchObject({ draws: 20, trades: whole.portfolios?.baseline.trades })
    expect(controls?.mycelialThinned?.trades).toBeGreaterThan(0)
    expect(controls?.baselineThinned?.trades).toBeGreaterThan(0)

    const sim = simulate(scenario, { seed: 3, collect: false }) as unknown as Simulation<Swarm>
    const watched = recordControls(sim)
    sim.run({ steps: 700 })
    sim.finish()
    expect(controlsOf(watched, sim.model.params, 3)).toEqual(controls)

    const stopped = join(root, 'stopped')
    await run({ ...asked, steps: 400, out: stopped })
    expect((await run({ scenario, resume: stopped, steps: 700 })).controls).toEqual(controls)

    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))
    expect(manifest.summary.controls).toEqual(controls)
    const printed = runSummary(whole, [], undefined)
    const report = readFileSync(join(out, 'report.html'), 'utf8').replaceAll('&#39;', "'")
    for (const said of ['Baseline: follows the trend 24/96 for 120 bars', 'Random entry: ', 'Synthesized trades: ']) {
      expect(printed).toContain(said)
      expect(report).toContain(said)
    }
  })
})
