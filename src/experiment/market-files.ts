/** The files that the runs of a sweep trade on. */

import type { MarketRequest } from '../world/index.js'

/** Candle files that all runs trade on, as `run` takes them. */
export type MarketFiles = Pick<MarketRequest, 'market' | 'moats' | 'from' | 'to' | 'timezone'>
