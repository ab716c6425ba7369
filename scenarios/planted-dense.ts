/** Planted, dense: one white driver explains 2 % of a pair's variance, trading is free: can the swarm find it? */

import { denseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'planted-dense',
  title: 'One dense cause, no costs: discovery',
  market: denseMarket(),
  defaults: { feeRate: 0, halfSpread: 0, slippage: 0, borrowRatePerDay: 0 },
  steps: 10_000,
})
