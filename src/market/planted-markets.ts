/** The planted markets that ship: what is hidden in them, as plain data that scenarios share and results are judged by. */

import type { PlantedCause } from './planted.js'
import { type SyntheticOptions, synthetic } from './synthetic-options.js'

type Sparse = Pick<PlantedCause, 'driver' | 'pair' | 'lag' | 'horizon' | 'sign'>

/** Fourteen causes on as many streams and pairs, lags 0 to 2, over one bar or four. */
const hidden: readonly Sparse[] = [
  { driver: 'code:Rust', pair: 'SOLUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'code:Solidity', pair: 'XETHZUSD', lag: 1, horizon: 1, sign: 1 },
  { driver: 'code:Python', pair: 'NEARUSD', lag: 0, horizon: 4, sign: 1 },
  { driver: 'code:Go', pair: 'FILUSD', lag: 2, horizon: 1, sign: -1 },
  { driver: 'logistics:US-West', pair: 'LINKUSD', lag: 0, horizon: 1, sign: -1 },
  { driver: 'logistics:Asia', pair: 'TRXUSD', lag: 1, horizon: 1, sign: -1 },
  { driver: 'logistics:Gulf', pair: 'XLMUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'government:US-Treasury', pair: 'XXBTZUSD', lag: 0, horizon: 1, sign: -1 },
  { driver: 'government:EU', pair: 'ADAUSD', lag: 1, horizon: 1, sign: -1 },
  { driver: 'government:UK', pair: 'AAVEUSD', lag: 0, horizon: 4, sign: -1 },
  { driver: 'corporations:Tech', pair: 'DOTUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'corporations:Finance', pair: 'UNIUSD', lag: 2, horizon: 1, sign: 1 },
  { driver: 'corporations:Retail', pair: 'DOGEUSD', lag: 0, horizon: 1, sign: 1 },
  { driver: 'corporations:Energy', pair: 'ATOMUSD', lag: 1, horizon: 1, sign: 1 },
]

/** Events at 2 % of bars, each of one bar-σ: what pays even at Kraken's costs once it is found. */
export function sparseMarket(options: SyntheticOptions = {}): ReturnType<typeof synthetic> {
  const causes = hidden.map(cause => ({ kind: 'sparse' as const, strength: 1, rate: 0.02, ...cause }))
  return synthetic({ hourlyVolatility: 0.015, causes, ...options })
}

/** One white driver explains 2 % of one pair's variance: what discovery is measured on. */
export const denseCause = {
  kind: 'dense',
  driver: 'code:Rust',
  pair: 'ADAUSD',
  lag: 1,
  horizon: 1,
  sign: 1,
  strength: 0.02,
} as const

/** A market in which one strong cause drives many pairs: what a learner must find soon. */
export function denseMarket(options: SyntheticOptions = {}): ReturnType<typeof synthetic> {
  return synthetic({ causes: [denseCause], ...options })
}
