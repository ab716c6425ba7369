/** Trifecta, the main job: the 121 trade a market in which the question is open, or real candles with `--market`. */

import { defaultMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'trifecta',
  title: 'Trifecta: 121 agents, three portfolios',
  market: defaultMarket(),
  steps: 10_000,
})
