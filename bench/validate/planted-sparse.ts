/**
 * What is found pays: net P&L per mycelial trade at Kraken's costs, and against a control in which nothing differs but that,
 * from half-way on, the swarm sees every moat stream 1,013 bars late: the same patterns, the same streams, shuffled in time.
 */

import { isPositive, type Part, ratioDifference, ratioEstimate, sumOf } from '../../src/experiment/statistics/index.js'
import { bp, type Check, seeds } from './check.js'
import type { SwarmFigures, SwarmTask, TradeSums } from './swarm-run.js'

const steps = 10_000
const half = 5_000
/** A prime, far beyond the longest lag and no multiple of a day. */
const lateBars = 1_013

export const sparseTask = (seed: number): SwarmTask => ({ scenario: 'planted-sparse', seed, steps, since: half })

const net = ({ net: sum, trades: count }: TradeSums): Part => ({ sum, count })

export const sparseCheck: Check = {
  name: 'sparse',
  promise: 'what is found pays',
  measured:
    'planted-sparse, 40 seeds: mean net P&L per mycelial trade > 0 (one-sided 95 %) and, over trades decided after step 5,000, above a control whose drivers are shuffled in time from there on',
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = await context.runs('sparse', chosen.map(sparseTask))
    const controls = await context.runs(
      'sparse control',
      chosen.map(seed => ({ ...sparseTask(seed), lateBars })),
    )
    const all = ratioEstimate(runs.map(r => net(r.portfolios.mycelial)))
    const later = ratioEstimate(runs.map(r => net(r.late.mycelial)))
    const shuffled = ratioEstimate(controls.map(r => net(r.late.mycelial)))
    const above = ratioDifference(
      runs.map(r => net(r.late.mycelial)),
      controls.map(r => net(r.late.mycelial)),
    )
    return {
      kept: isPositive(all) && isPositive(above),
      says: `${bp(all.mean)} a trade net (t ${all.t.toFixed(1)}); after step ${half}: ${bp(later.mean)}, control ${bp(shuffled.mean)}, difference t ${above.t.toFixed(1)}`,
      figures: {
        netPerTrade: all,
        netPerTradeLate: later,
        controlNetPerTradeLate: shuffled,
        aboveControl: above,
        trades: total(runs, 'portfolios'),
        tradesLate: total(runs, 'late'),
        controlTradesLate: total(controls, 'late'),
        costPerTrade: sumOf(runs.map(r => r.portfolios.mycelial.cost)) / total(runs, 'portfolios'),
        synthesized: ratioEstimate(runs.map(r => net(r.portfolios.synthesized))),
        baseline: ratioEstimate(runs.map(r => net(r.portfolios.baseline))),
        approvedPerRun: sumOf(runs.map(r => r.approvals.length)) / runs.length,
        perSeed: runs.map((r, i) => ({
          seed: r.seed,
          mycelial: r.portfolios.mycelial,
          late: r.late.mycelial,
          control: controls[i]?.late.mycelial,
        })),
      },
      inputs: { seeds: chosen, steps, controlFromStep: half, controlLateBars: lateBars },
    }
  },
}

function total(runs: readonly SwarmFigures[], which: 'portfolios' | 'late'): number {
  return sumOf(runs.map(r => r[which].mycelial.trades))
}
