/** A crash: every pair falls by two fifths within hours. Portfolios halt at their drawdown and stay halted until an operator resets them. */

import { sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'crash',
  title: 'Crash: drawdown halts hold',
  market: sparseMarket({ shocks: [{ kind: 'crash', at: 150, bars: 12, depth: 0.4 }] }),
  defaults: { riskReset: 'never' },
})
