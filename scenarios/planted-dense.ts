/** Planted, dense: one white driver explains 2 % of a pair's variance, and trading is free. Does the swarm find the driver? */

import { denseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'planted-dense',
  title: 'One dense cause, no costs: discovery',
  market: denseMarket(),
  defaults: { feeRate: 0, halfSpread: 0, slippage: 0, borrowRatePerDay: 0 },
  steps: 10_000,
})
