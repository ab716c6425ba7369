/** The claim, one run of it: the default market, halts off. `mycelia experiment hypothesis` makes the many, in markets from one without any edge. */

import { defaultMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'hypothesis',
  title: 'Is a collision worth more than either signal?',
  market: defaultMarket(),
  defaults: { maxDrawdown: 1, contagionLeaders: 1_000_000 },
  steps: 10_000,
})
