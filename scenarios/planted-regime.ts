/**
 * Planted, by regime: each cause is reversed at half strength while the market is calm; only memory can tell when not to trust it.
 * Events come twice as often and twice as strong as in `planted-sparse`, and calm is shorter and unmistakable: patterns are found
 * and traded often enough for a difference in what a trade earns to show.
 */

import { sparseMarket, swarmScenario } from 'mycelia/market'

const { causes = [], ...market } = sparseMarket()

export default swarmScenario({
  name: 'planted-regime',
  title: 'Causes that reverse in calm markets: memory',
  market: {
    ...market,
    clustering: { sd: 0.2, regimes: { calm: { factor: 0.4, meanBars: 150 } } },
    causes: causes.map(cause => ({ ...cause, strength: 2, rate: 0.04, whenCalm: -0.5 })),
  },
  steps: 10_000,
})
