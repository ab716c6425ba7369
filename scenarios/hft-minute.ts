/** HFT: bars of one minute, where costs exceed what a price moves in a minute, so that trading cannot pay. */

import { MINUTE_MS, sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'hft-minute',
  title: 'One-minute bars',
  market: sparseMarket({ barMs: MINUTE_MS }),
  // The technical baseline would make no trade here: no trend of minutes pays its costs.
  defaults: { barMs: MINUTE_MS, baselineRule: 'talkative', baselineHorizonBars: 30 },
})
