/** A small swarm that trades soon and often, for live tests; without a test runner, so that child processes can use it. */

import { type SwarmParameters, swarmScenario } from '../../src/agents/index.js'
import { synthetic } from '../../src/market/index.js'

export const pairs = ['XXBTZUSD', 'XETHZUSD', 'SOLUSD', 'ADAUSD']

/** Ideas on both sides from the first bars on: analysts deployed every bar, and keys traded without a test. */
export const lively: Partial<SwarmParameters> = {
  pairs,
  barMs: 1_000,
  dataMiners: 4,
  financeLearners: 6,
  codeLearners: 2,
  logisticsLearners: 2,
  governmentLearners: 2,
  corporationsLearners: 2,
  reviewBars: 1,
  baselineRule: 'talkative',
  baselineHorizonBars: 3,
  grossLimit: 1,
  feeRate: 0.0001,
  latencyMs: 10,
  contagionPause: 1,
  contagionLeaders: 1_000,
  forcedHypotheses: pairs.map((pair, i) => `finance:own-return|level|0|${pair}|1|${i % 2 === 0 ? '+' : '-'}`),
}

export const scenario = swarmScenario({
  name: 'lively',
  title: 'A small swarm that trades soon and often',
  market: synthetic({ hourlyVolatility: 0.015 }),
  defaults: lively,
})
