/** Planted, sparse: fourteen causes with rare events of about one bar-σ, at Kraken's costs. Do the causes found pay? */

import { sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'planted-sparse',
  title: 'Sparse causes at Kraken’s costs: profit',
  market: sparseMarket(),
  steps: 10_000,
})
