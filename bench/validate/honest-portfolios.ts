/**
 * No look-ahead, honest portfolios: with nothing to find and nothing to pay, trading on fixed random hypotheses earns nothing, and with
 * costs it loses exactly the costs. A portfolio that saw one bar too much would show it here.
 */

import { type PortfolioName, portfolioNames } from 'mycelia/market'
import { forcedHypotheses } from '../../src/experiment/index.js'
import { estimate, interval, median, type Part, ratioEstimate } from '../../src/experiment/statistics/index.js'
import { bp, type Check, type CheckContext, seeds } from './check.js'
import type { SwarmFigures, SwarmTask } from './swarm-run.js'

/** The talkative baseline trades enough to judge a run of this length; the technical one needs a longer. */
const steps = 1_500
const technicalSteps = 3_000
const technicalSeeds = 40
const leastTrades = 100
/** 5 % over three portfolios, Bonferroni; buy-and-hold's own bound. */
const bound = 2.4
const holdBound = 2.6

const free = { feeRate: 0, halfSpread: 0, slippage: 0, borrowRatePerDay: 0 }
const noStops = { stopAtr: 0, targetAtr: 0 }

export const honestCheck: Check = {
  name: 'honest',
  promise: 'no look-ahead, honest portfolios',
  measured: `null-market, 200 seeds × ${steps} steps with the talkative baseline (${technicalSeeds} × ${technicalSteps} with the technical one), approval bypassed by 18 fixed random hypotheses: without costs, stops and targets mean P&L per trade |t| < ${bound} in each portfolio and under either rule; with costs the mean is −cost within its 95 % interval; buy-and-hold within ${holdBound} SE of 0`,
  async run(context) {
    const chosen = seeds(context, 200)
    const keys = forcedHypotheses()
    const talkative = await underRule(context, { chosen, steps, params: { baselineRule: 'talkative', forcedHypotheses: keys } })
    const few = seeds(context, technicalSeeds)
    const technical = await underRule(context, { chosen: few, steps: technicalSteps, params: { forcedHypotheses: keys } })
    const buyAndHold = estimate(talkative.bare.map(r => r.buyAndHoldReturn))
    const portfolios = [
      ...portfolioNames.map(portfolio => judge(portfolio, portfolio, talkative)),
      judge('baseline, technical', 'baseline', technical),
    ]
    const kept = portfolios.every(b => b.enough && b.fair && b.paysItsCosts) && Math.abs(buyAndHold.t) < holdBound
    return {
      kept,
      says: `${portfolios.map(b => `${b.portfolio} ${bp(b.free.mean)} (t ${b.free.t.toFixed(2)})`).join(', ')}; with costs ${portfolios.map(b => `${bp(b.net.mean)} for −${bp(b.cost)}`).join(', ')}; hold t ${buyAndHold.t.toFixed(2)}`,
      figures: { portfolios, buyAndHold, stopsExplained },
      inputs: { seeds: chosen, steps, technicalSeeds: few, technicalSteps, forcedHypotheses: keys, free, noStops },
    }
  },
}

const stopsExplained =
  'A bar that holds both the stop and the target is counted as the stop, whichever came first: the paper broker is pessimistic on purpose. Tight levels cost 1–4 bp a trade by that; at the default 4 and 8 ATR hardly a bar holds both, and the mean stays 0 within its error.'

/** The same seeds under one rule of the baseline: without costs and stops, with costs, with stops. */
interface Runs {
  readonly bare: readonly SwarmFigures[]
  readonly paying: readonly SwarmFigures[]
  readonly stopped: readonly SwarmFigures[]
}

interface Ruled {
  readonly chosen: readonly number[]
  readonly steps: number
  readonly params: object
}

async function underRule(context: CheckContext, { chosen, steps: length, params }: Ruled): Promise<Runs> {
  const runs = (label: string, costs: object) =>
    context.runs(
      `honest, ${label}`,
      chosen.map((seed): SwarmTask => ({ scenario: 'null-market', seed, steps: length, params: { ...params, ...costs } })),
    )
  return {
    bare: await runs('free', { ...free, ...noStops }),
    paying: await runs('with costs', noStops),
    stopped: await runs('with stops', free),
  }
}

function judge(name: string, portfolio: PortfolioName, { bare, paying, stopped }: Runs) {
  const net = (runs: readonly SwarmFigures[]) =>
    runs.map((r): Part => ({ sum: r.portfolios[portfolio].net, count: r.portfolios[portfolio].trades }))
  const costs = paying.map((r): Part => ({ sum: r.portfolios[portfolio].cost, count: r.portfolios[portfolio].trades }))
  const gross = ratioEstimate(net(paying).map((p, i) => ({ ...p, sum: p.sum + (costs[i] as Part).sum })))
  const [low, high] = interval(gross)
  const trades = bare.map(r => r.portfolios[portfolio].trades)
  const freeMean = ratioEstimate(net(bare))
  return {
    portfolio: name,
    trades: { least: Math.min(...trades), median: median(trades) },
    enough: Math.min(...trades) >= leastTrades,
    free: freeMean,
    fair: Math.abs(freeMean.t) < bound,
    net: ratioEstimate(net(paying)),
    cost: ratioEstimate(costs).mean,
    /** P&L plus cost: 0 lies in its 95 % interval. */
    gross: { ...gross, interval95: [low, high] },
    paysItsCosts: low <= 0 && high >= 0,
    withStops: ratioEstimate(net(stopped)),
  }
}
