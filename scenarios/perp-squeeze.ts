/** A liquidation cascade: a crowd of levered shorts, a buyer, and each liquidation moves the price to the next one. */

import { squeezeScenario } from 'mycelia/market'

export default squeezeScenario({ name: 'perp-squeeze', title: 'A squeeze of levered shorts' })
