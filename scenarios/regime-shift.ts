/** Regime shift: half-way, every planted cause reverses its sign, so that every approved hypothesis must be retired. */

import { sparseMarket, swarmScenario } from 'mycelia/market'

export default swarmScenario({
  name: 'regime-shift',
  title: 'Causes turn their sign: patterns retire',
  market: sparseMarket({ shocks: [{ kind: 'shift', at: 5_000, factor: -1 }] }),
  steps: 10_000,
})
