/** Planted, by regime: each cause is reversed at half strength while the market is calm; only memory can tell when not to trust it. */

import { sparseMarket, swarmScenario } from 'mycelia'

const { causes = [], ...market } = sparseMarket()

export default swarmScenario({
  name: 'planted-regime',
  title: 'Causes that reverse in calm markets: memory',
  market: { ...market, causes: causes.map(cause => ({ ...cause, whenCalm: -0.5 })) },
  steps: 10_000,
})
