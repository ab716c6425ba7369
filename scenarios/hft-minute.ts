/** HFT: bars of one minute, where costs dwarf what a minute moves. A lesson in what cannot be traded. */

import { MINUTE_MS, sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'hft-minute',
  title: 'One-minute bars',
  market: sparseMarket({ barMs: MINUTE_MS }),
  defaults: { barMs: MINUTE_MS, baselineHorizonBars: 30 },
})
