/** A purchase from a curve, as the gate is asked about it. */

import type { TokenUnits } from '../../exchange/index.js'
import type { Intent } from '../../trading/index.js'
import { curveRules } from './user-account.js'

type Purchase = Pick<Intent, 'pair' | 'time' | 'decidedAt' | 'confidence' | 'strategy'> & {
  readonly tokens: TokenUnits
  /** Lamports for a base unit. */
  readonly price: number
}

/** It enters now or never, opposes and frees nothing, and has no horizon. */
export function purchaseIntent({ tokens, price, ...of }: Purchase): Intent {
  return {
    ...of,
    direction: 1,
    qtyE8: tokens,
    priceUsd: price * 100,
    reduces: false,
    renews: false,
    opposes: false,
    freesE6: 0,
    slippage: 0,
    agreeing: 1,
    expiresAt: of.time,
    closesAt: Number.POSITIVE_INFINITY,
    instrument: curveRules,
  }
}
